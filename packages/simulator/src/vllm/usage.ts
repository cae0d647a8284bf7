import type { Admission } from './engine.ts';
import type { GenerateRequest } from './parse-generate-request.ts';

/** Token counts of one request. */
export interface Counts {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Cache figures; absent without `--enable-prompt-tokens-details`. */
  readonly cache?: Pick<Admission, 'cachedTokens' | 'createdTokens'>;
}

function createdOf(kind: GenerateRequest['kind'], counts: Counts): number | null {
  return kind === 'chat' ? (counts.cache?.createdTokens ?? null) : null;
}

/** `usage` of a whole answer, in the order of the wire. */
export function createUsage(kind: GenerateRequest['kind'], counts: Counts): object {
  const { promptTokens, completionTokens, cache } = counts;
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
    prompt_tokens_details:
      cache === undefined
        ? null
        : { cached_tokens: cache.cachedTokens, created_cache_tokens: createdOf(kind, counts), multimodal_tokens: null },
    completion_tokens_details: null,
  };
}

/** `usage` of a stream's last chunk: details only when they are enabled, and without null members. */
export function createFinalUsage(kind: GenerateRequest['kind'], counts: Counts): object {
  const { promptTokens, completionTokens, cache } = counts;
  const created = createdOf(kind, counts);
  const details = {
    cached_tokens: cache?.cachedTokens,
    ...(created === null ? {} : { created_cache_tokens: created }),
  };
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
    ...(cache === undefined ? {} : { prompt_tokens_details: details }),
  };
}

/** `usage` of a chunk before the last, with `continuous_usage_stats`: never any cache figures. */
export function createContinuousUsage({ promptTokens, completionTokens }: Counts): object {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
    completion_tokens_details: null,
  };
}
