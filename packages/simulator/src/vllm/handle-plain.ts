import { toHex } from '@cloister/core';
import type { Engine } from './engine.ts';
import type { ResolvedOptions } from './options.ts';
import type { Body } from './parse-body.ts';
import { parseMessages } from './parse-generate-request.ts';
import { detokenize, tokenize, tokenizeChat } from './stand-in-tokenizer.ts';
import { schemaError } from './wire-refusal.ts';

/** The version whose wire format is spoken, for `/version`. */
export const IMITATED_VERSION = '0.32.0';

/** `GET /v1/models`. */
export function createModelList(options: ResolvedOptions): object {
  const created = Math.floor(options.clock.now() / 1000);
  const permission = {
    id: `modelperm-${toHex(options.random(8))}`,
    object: 'model_permission',
    created,
    allow_create_engine: false,
    allow_sampling: true,
    allow_logprobs: true,
    allow_search_indices: false,
    allow_view: true,
    allow_fine_tuning: false,
    organization: '*',
    group: null,
    is_blocking: false,
  };
  const model = {
    id: options.model,
    object: 'model',
    created,
    owned_by: 'vllm',
    root: options.model,
    parent: null,
    max_model_len: options.maxModelLength,
    permission: [permission],
  };
  return { object: 'list', data: [model] };
}

/** `POST /tokenize`, for a prompt or for messages. @throws WireRefusal 400 on wrong types */
export function tokenizeRequest(body: Body, options: ResolvedOptions): object {
  const prompt = body['prompt'];
  const chat = typeof prompt !== 'string';
  const tokens = chat
    ? tokenizeChat(parseMessages(body), body['add_generation_prompt'] !== false)
    : tokenize(prompt).map((piece) => piece.id);
  return { count: tokens.length, max_model_len: options.maxModelLength, tokens, token_strs: null };
}

/** `POST /detokenize`. @throws WireRefusal 400 unless `tokens` is a list of numbers */
export function detokenizeRequest(body: Body): object {
  const tokens = body['tokens'];
  if (Array.isArray(tokens) && tokens.every((id) => typeof id === 'number')) return { prompt: detokenize(tokens) };
  throw schemaError('list_type', 'body.tokens', 'Input should be a valid list', tokens);
}

/** The few lines of `GET /metrics` that say something about isolation, under vLLM's names. */
export function createMetrics(
  { counters, cache, bootedAt }: Engine,
  { model, blockSize, blocks }: ResolvedOptions,
): string {
  const labels = `{engine="0",model_name="${model.replaceAll(/["\\\n]/g, '')}"}`;
  const rows: readonly (readonly [name: string, type: 'counter' | 'gauge', value: number])[] = [
    ['vllm:num_requests_running', 'gauge', counters.running],
    ['vllm:kv_cache_usage_perc', 'gauge', cache.size / blocks],
    ['vllm:prefix_cache_queries_total', 'counter', counters.queriedTokens],
    ['vllm:prefix_cache_hits_total', 'counter', counters.hitTokens],
    ['vllm:prompt_tokens_total', 'counter', counters.promptTokens],
    ['vllm:generation_tokens_total', 'counter', counters.generatedTokens],
  ];
  const config = `vllm:cache_config_info{block_size="${blockSize}",engine="0",num_gpu_blocks="${blocks}",prefix_caching_hash_algo="sha256_cbor"} 1.0`;
  const boot = bootedAt / 1000;
  const start = `# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds ${boot}`;
  const created = `# TYPE vllm:prefix_cache_queries_created gauge\nvllm:prefix_cache_queries_created${labels} ${boot}`;
  const lines = rows.flatMap(([name, type, value]) => [
    `# TYPE ${name.replace(/_total$/, '')} ${type}`,
    `${name}${labels} ${Number.isInteger(value) ? value.toFixed(1) : value}`,
  ]);
  return `${[start, ...lines, created, '# TYPE vllm:cache_config_info gauge', config].join('\n')}\n`;
}
