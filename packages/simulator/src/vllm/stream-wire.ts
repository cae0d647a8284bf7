import type { Envelope } from './answer-wire.ts';
import type { GenerateRequest } from './parse-generate-request.ts';
import type { GenerationEvent } from './plan-generation.ts';
import { createContinuousUsage, createFinalUsage, type Counts } from './usage.ts';

/** Makes the JSON chunks of one event stream in vLLM's member order. */
export interface ChunkWriter {
  /** The chunk that opens a chat answer; a text completion has none. */
  open(index: number, counts: Counts): object;
  /** The chunk of one token. `last` marks the very end of a stream that has no usage chunk. */
  token(event: GenerationEvent, index: number, counts: Counts, last: boolean): object;
  /** The chunk without choices that carries the usage. */
  usage(counts: Counts): object;
}

/** @param request decides about usage and token ids; @param envelope what every chunk repeats */
export function createChunkWriter(request: GenerateRequest, envelope: Envelope): ChunkWriter {
  const { kind, fingerprint, promptTokenIds } = envelope;
  const object = kind === 'chat' ? 'chat.completion.chunk' : 'text_completion';
  const head = { id: envelope.id, object, created: envelope.created, model: envelope.model };
  const running = (counts: Counts): object => (request.continuousUsage ? { usage: createContinuousUsage(counts) } : {});
  const finish = ({ finish: reason, stopReason }: GenerationEvent): object =>
    kind === 'text' || reason !== undefined
      ? { finish_reason: reason ?? null, stop_reason: stopReason ?? null }
      : { finish_reason: null };
  const tokenIds = (event: GenerationEvent): object => ({ token_ids: promptTokenIds === null ? null : [event.id] });
  const choice = (event: GenerationEvent, index: number): object =>
    kind === 'chat'
      ? { index, delta: { content: event.text }, logprobs: null, ...finish(event), ...tokenIds(event) }
      : { index, text: event.text, logprobs: null, ...finish(event), prompt_token_ids: null, ...tokenIds(event) };

  return {
    open: (index, counts) => ({
      ...head,
      choices: [{ index, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }],
      ...running(counts),
      prompt_token_ids: promptTokenIds,
      prompt_text: null,
    }),
    token: (event, index, counts, last) => ({
      ...head,
      choices: [choice(event, index)],
      ...running(counts),
      ...(last && !request.includeUsage ? { system_fingerprint: fingerprint } : {}),
    }),
    usage: (counts) => ({
      ...head,
      choices: [],
      usage: createFinalUsage(kind, counts),
      system_fingerprint: fingerprint,
    }),
  };
}
