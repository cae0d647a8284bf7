import { canonicalJson, sha256 } from '@cloister/core';

/** What a route does with its content. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** `read` has no content; `generate` is a JSON object that touches the engine's cache. */
  readonly kind: 'read' | 'generate';
  /** Members that the gateway sets whatever the caller wrote, as JSON text. */
  readonly sets: Readonly<Record<string, string>>;
  /** What the last event of a whole stream may be: a data line, or the `type` of its JSON. None: no streams. */
  readonly streamEnds: readonly string[];
}

const DONE = ['[DONE]'];
const RESPONSE_ENDS = ['response.completed', 'response.incomplete', 'response.failed'];

/** Everything a caller may reach. What is not listed does not exist: no tokenizer, no metrics, no administration. */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/v1/models', kind: 'read', sets: {}, streamEnds: [] },
  { method: 'POST', path: '/v1/chat/completions', kind: 'generate', sets: {}, streamEnds: DONE },
  { method: 'POST', path: '/v1/completions', kind: 'generate', sets: {}, streamEnds: DONE },
  { method: 'POST', path: '/v1/responses', kind: 'generate', sets: { store: 'false' }, streamEnds: RESPONSE_ENDS },
  { method: 'POST', path: '/v1/embeddings', kind: 'generate', sets: {}, streamEnds: [] },
];

/**
 * Outermost members that are refused, with the JSON texts that are harmless and therefore pass. They would reach state
 * shared between callers, change the prompt behind the caller's back, or return more of it than the answer.
 */
export const REFUSED_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  background: ['null', 'false'],
  cacheSalt: [],
  chat_template: ['null'],
  chat_template_kwargs: ['null'],
  conversation: ['null'],
  data_parallel_rank: ['null'],
  echo: ['null', 'false'],
  ec_transfer_params: ['null'],
  kv_transfer_params: ['null'],
  media_io_kwargs: ['null'],
  mm_processor_kwargs: ['null'],
  previous_response_id: ['null'],
  priority: ['null', '0'],
  prompt_cache_key: ['null'],
  prompt_embeds: ['null'],
  prompt_logprobs: ['null'],
  request_id: ['null'],
  return_prompt_text: ['null', 'false'],
  return_token_ids: ['null', 'false'],
  return_tokens_as_token_ids: ['null', 'false'],
  store: ['null', 'false'],
  vllm_xargs: ['null'],
};

/** Inner members that are refused: `uuid` names a media item in a cache that all callers share. */
export const REFUSED_INNER_MEMBERS: readonly { readonly under: readonly string[]; readonly name: string }[] = [
  { under: ['messages', '[]', 'content', '[]'], name: 'uuid' },
  { under: ['input', '[]', 'content', '[]'], name: 'uuid' },
];

/** Outermost members that hold a number of parallel answers, with the most that is allowed. */
export const LIMITED_MEMBERS: Readonly<Record<string, number>> = { n: 8, best_of: 8 };

/** Headers of an answer that reach the caller; the engine's other headers stay inside. */
export const ANSWER_HEADERS: readonly string[] = ['content-type'];

/** SHA-256 of the policy's canonical JSON: receipts and the deployment digest name the policy by it. */
export function wirePolicyDigest(): Uint8Array {
  const policy = {
    version: 1,
    routes: ROUTES,
    refused: REFUSED_MEMBERS,
    refusedInner: REFUSED_INNER_MEMBERS,
    limited: LIMITED_MEMBERS,
    answerHeaders: ANSWER_HEADERS,
  };
  return sha256(canonicalJson(policy));
}
