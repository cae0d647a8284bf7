import type { CloisterError } from '@cloister/core';
import { runtimeError } from './errors.ts';

/** Token counts of one answer, as the server reports them. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Prompt tokens that came from the prefix cache; absent when the server does not say. */
  readonly cachedTokens?: number;
}

/** One event of a chat completion stream, reduced to what the chain uses. */
export interface ChatDelta {
  readonly text: string;
  readonly finishReason: string | undefined;
  readonly usage: Usage | undefined;
}

/**
 * Reads one `chat.completion.chunk` (OpenAI chat completions, as vLLM streams them). Members that the chain does not use
 * are not looked at: servers add members freely and none of them decides anything here. Written out by hand because every
 * token comes through here.
 * @throws CloisterError `ERR_RUNTIME_ANSWER_MALFORMED` on anything else, an error event included
 */
export function parseChatDelta(data: string): ChatDelta {
  const chunk = asObject(parseJson(data));
  const choices = chunk['choices'];
  if (!Array.isArray(choices)) throw malformed();
  const choice = choices.length === 0 ? {} : asObject(choices[0]);
  return {
    text: asText(asOptionalObject(choice['delta'])['content']) ?? '',
    finishReason: asText(choice['finish_reason']),
    usage: chunk['usage'] === undefined || chunk['usage'] === null ? undefined : readUsage(asObject(chunk['usage'])),
  };
}

type Members = Readonly<Record<string, unknown>>;

function readUsage(usage: Members): Usage {
  const cached = asOptionalObject(usage['prompt_tokens_details'])['cached_tokens'] ?? undefined;
  return {
    promptTokens: asCount(usage['prompt_tokens']),
    completionTokens: asCount(usage['completion_tokens']),
    ...(cached === undefined ? {} : { cachedTokens: asCount(cached) }),
  };
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    // The parser's own message quotes the answer, so it is not passed on.
    throw malformed();
  }
}

function asObject(value: unknown): Members {
  if (typeof value !== 'object' || value === null) throw malformed();
  return value as Members;
}

function asOptionalObject(value: unknown): Members {
  return value === undefined || value === null ? {} : asObject(value);
}

function asText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw malformed();
  return value;
}

function asCount(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw malformed();
  return value;
}

function malformed(): CloisterError {
  return runtimeError('ERR_RUNTIME_ANSWER_MALFORMED');
}
