import { utf8 } from '@cloister/core';
import { validateCitations, type AssembledPrompt } from '@cloister/prompt';
import { createRestorer } from '@cloister/redaction';
import type { AnswerReceipt } from '@cloister/client';
import type { ArrowNotes } from '../arrow.ts';
import type { Citation } from '../ask-options.ts';
import type { Chain } from '../chain.ts';
import { parseChatDelta, type Usage } from '../chat-completion.ts';
import { runtimeError } from '../errors.ts';
import { readEvents } from '../server-sent-events.ts';
import type { OpenSession } from '../session.ts';

/** The answer as it stands when its stream has ended and its receipt is verified. */
export interface RestoredAnswer {
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly unknownCitations: readonly number[];
  readonly finishReason: string;
  readonly usage: Usage | undefined;
  readonly receipt: AnswerReceipt;
}

/**
 * -> answer: text as it arrives, with the masked values put back for a reader of the caller's clearance. Returns only
 * after the final chunk has opened, the model has said why it stopped, and the receipt has been verified.
 */
export async function* restore(
  chain: Chain,
  session: OpenSession,
  reply: Response,
  prompt: AssembledPrompt,
  notes: ArrowNotes,
): AsyncGenerator<string, RestoredAnswer, undefined> {
  if (reply.body === null) throw runtimeError('ERR_RUNTIME_ANSWER_MALFORMED');
  const restorer = createRestorer(session.vault, { clearance: chain.claims.clearance });
  let masked = '';
  let text = '';
  let usage: Usage | undefined;
  let finishReason: string | undefined;
  for await (const data of readEvents(reply.body)) {
    const delta = parseChatDelta(data);
    usage = delta.usage ?? usage;
    finishReason = delta.finishReason ?? finishReason;
    masked += delta.text;
    const piece = restorer.push(delta.text);
    text += piece;
    if (piece !== '') yield piece;
  }
  const rest = restorer.end();
  text += rest;
  if (rest !== '') yield rest;
  if (finishReason === undefined) throw runtimeError('ERR_RUNTIME_ANSWER_CUT');
  const { citations, unknown } = validateCitations(masked, prompt);
  const receipt = await chain.inference.enclave.receipt(reply);
  notes.bytes = utf8(text).length;
  const { restored, repaired, withheld, inLinks, unknown: foreign } = restorer.report();
  notes.checked.push(`restored ${restored}`, `repaired ${repaired}`, `left masked ${withheld + inLinks + foreign}`);
  notes.checked.push('final chunk', `finish ${finishReason}`, `citations ${citations.length}`, 'receipt');
  return { text, citations, unknownCitations: unknown, finishReason, usage, receipt };
}
