import { composeAnswer } from './compose-answer.ts';
import type { GenerateRequest } from './parse-generate-request.ts';
import { MESSAGE_END, tokenize, type Piece } from './stand-in-tokenizer.ts';

/** One event of a generation: a token, and how the generation ended if this is the last one. */
export interface GenerationEvent extends Piece {
  readonly finish?: 'stop' | 'length';
  /** The stop text that ended it, if one did. */
  readonly stopReason?: string;
}

function cutAtStop(text: string, stops: readonly string[]): { text: string; reason?: string } {
  let cut = text.length;
  let reason: string | undefined;
  for (const stop of stops) {
    const at = stop === '' ? -1 : text.indexOf(stop);
    if (at >= 0 && at < cut) {
      cut = at;
      reason = stop;
    }
  }
  return reason === undefined ? { text } : { text: text.slice(0, cut), reason };
}

/**
 * Everything a request will generate. As with vLLM, a natural end is one more token without text, and a generation that
 * reaches `max_tokens` ends with its last token.
 */
export function planGeneration(request: GenerateRequest): GenerationEvent[] {
  const { text, reason } = cutAtStop(composeAnswer(request.messages), request.stop);
  const pieces = tokenize(text);
  if (pieces.length < request.maxTokens) {
    const end = { id: MESSAGE_END, text: '', finish: 'stop' as const };
    return [...pieces, reason === undefined ? end : { ...end, stopReason: reason }];
  }
  const cut = pieces.slice(0, request.maxTokens);
  return cut.map((piece, index) => (index === cut.length - 1 ? { ...piece, finish: 'length' as const } : piece));
}
