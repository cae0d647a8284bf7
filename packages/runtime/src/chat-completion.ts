import { z } from 'zod';
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

const count = z.int().min(0);

/** Other members are dropped, not refused: servers add members freely and none of them decides anything here. */
const chunkSchema = z.object({
  choices: z.array(
    z.object({
      delta: z.object({ content: z.string().nullish() }).optional(),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
    })
    .nullish(),
});

/**
 * Reads one `chat.completion.chunk` (OpenAI chat completions, as vLLM streams them).
 * @throws CloisterError `ERR_RUNTIME_ANSWER_MALFORMED` on anything else, an error event included
 */
export function parseChatDelta(data: string): ChatDelta {
  const chunk = parseChunk(data);
  const choice = chunk.choices[0];
  const cached = chunk.usage?.prompt_tokens_details?.cached_tokens ?? undefined;
  return {
    text: choice?.delta?.content ?? '',
    finishReason: choice?.finish_reason ?? undefined,
    usage: chunk.usage
      ? {
          promptTokens: chunk.usage.prompt_tokens,
          completionTokens: chunk.usage.completion_tokens,
          ...(cached === undefined ? {} : { cachedTokens: cached }),
        }
      : undefined,
  };
}

function parseChunk(data: string): z.infer<typeof chunkSchema> {
  try {
    return chunkSchema.parse(JSON.parse(data));
  } catch {
    // The parser's own message quotes the answer, so it is not passed on.
    throw runtimeError('ERR_RUNTIME_ANSWER_MALFORMED');
  }
}
