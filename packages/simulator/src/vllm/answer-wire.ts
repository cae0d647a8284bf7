import type { GenerationEvent } from './plan-generation.ts';
import type { GenerateRequest } from './parse-generate-request.ts';
import { createUsage, type Counts } from './usage.ts';

/** What every message of one answer repeats. */
export interface Envelope {
  readonly kind: GenerateRequest['kind'];
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly model: string;
  readonly fingerprint: string;
  /** The prompt's token ids when the request asked for ids. */
  readonly promptTokenIds: readonly number[] | null;
}

function chatChoice(events: readonly GenerationEvent[], index: number, ids: boolean): object {
  const last = events.at(-1);
  return {
    index,
    message: {
      role: 'assistant',
      content: events.map(({ text }) => text).join(''),
      refusal: null,
      annotations: null,
      audio: null,
      function_call: null,
      reasoning: null,
    },
    logprobs: null,
    finish_reason: last?.finish ?? null,
    stop_reason: last?.stopReason ?? null,
    token_ids: ids ? events.map(({ id }) => id) : null,
    routed_experts: null,
  };
}

function textChoice(
  events: readonly GenerationEvent[],
  index: number,
  promptTokenIds: Envelope['promptTokenIds'],
): object {
  const last = events.at(-1);
  return {
    index,
    text: events.map(({ text }) => text).join(''),
    logprobs: null,
    finish_reason: last?.finish ?? null,
    stop_reason: last?.stopReason ?? null,
    token_ids: promptTokenIds === null ? null : events.map(({ id }) => id),
    prompt_logprobs: null,
    prompt_token_ids: promptTokenIds,
    routed_experts: null,
  };
}

/** The body of an answer that is not streamed, member by member as vLLM 0.32 sends it. */
export function createAnswerBody(
  envelope: Envelope,
  choices: readonly (readonly GenerationEvent[])[],
  counts: Counts,
): object {
  const { kind, id, created, model, fingerprint, promptTokenIds } = envelope;
  const chat = kind === 'chat';
  const shared = { service_tier: null, system_fingerprint: fingerprint, usage: createUsage(kind, counts) };
  return {
    id,
    object: chat ? 'chat.completion' : 'text_completion',
    created,
    model,
    choices: choices.map((events, index) =>
      chat ? chatChoice(events, index, promptTokenIds !== null) : textChoice(events, index, promptTokenIds),
    ),
    ...shared,
    ...(chat ? { prompt_logprobs: null, prompt_token_ids: promptTokenIds, prompt_text: null } : {}),
    kv_transfer_params: null,
    ec_transfer_params: null,
    metrics: null,
  };
}
