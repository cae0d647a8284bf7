import type { OwnSpanAttributes } from '@cloister/audit';
import { utf8, type Restored } from '@cloister/core';
import { createOutputGuard, type OutputGuard, validateCitations, type AssembledPrompt } from '@cloister/prompt';
import { createRestorer, findInvented, type Restorer } from '@cloister/redaction';
import type { AnswerReceipt } from '@cloister/client';
import { originalResponse } from '@cloister/session';
import type { ArrowNotes } from '../arrow.ts';
import type { Citation } from '../ask-options.ts';
import type { Chain } from '../chain.ts';
import { parseChatDelta, type Usage } from '../chat-completion.ts';
import { runtimeError } from '../errors.ts';
import { readEvents } from '../server-sent-events.ts';
import type { OpenSession } from '../session.ts';
import { toFinish } from './to-finish.ts';

/** The answer as it stands when its stream has ended and its receipt is verified. */
export interface RestoredAnswer {
  readonly text: Restored;
  readonly citations: readonly Citation[];
  readonly unknownCitations: readonly number[];
  readonly invented: Readonly<Record<string, number>>;
  readonly removedLinks: number;
  readonly finishReason: string;
  readonly usage: Usage | undefined;
  readonly receipt: AnswerReceipt;
  /** The end of `text` that was not yielded: it is released once the end of the inference is on record. */
  readonly held: Restored;
}

/**
 * -> answer: text as it arrives, with the masked values put back for a reader of the caller's clearance and links to
 * strangers taken out; an answer that repeats the canary ends there with `ERR_PROMPT_CANARY`. Returns only after the final
 * chunk has opened, the model has said why it stopped, and the receipt has been verified. The last character stays behind,
 * so that nobody has the whole answer before its end is on record.
 */
export async function* restore(
  chain: Chain,
  session: OpenSession,
  reply: Response,
  prompt: AssembledPrompt,
  notes: ArrowNotes,
): AsyncGenerator<Restored, RestoredAnswer, undefined> {
  if (reply.body === null) throw runtimeError('ERR_RUNTIME_ANSWER_MALFORMED');
  const { redact: types, linkHosts: hosts = [] } = chain.policy.classes[prompt.label];
  const restorer = createRestorer(session.vault, { clearance: chain.claims.clearance });
  const guard = createOutputGuard<Restored>({ hosts, canary: session.canary });
  let masked = '';
  let [text, held] = [join(), join()];
  let usage: Usage | undefined;
  let finishReason: string | undefined;
  for await (const data of readEvents(reply.body)) {
    const delta = parseChatDelta(data);
    usage = delta.usage ?? usage;
    finishReason = delta.finishReason ?? finishReason;
    masked += delta.text;
    const piece = guard.push(restorer.push(delta.text));
    text = join(text, piece);
    const [released, last] = holdLast(join(held, piece));
    held = last;
    if (released !== '') yield released;
  }
  const rest = join(guard.push(restorer.end()), guard.end());
  [text, held] = [join(text, rest), join(held, rest)];
  if (finishReason === undefined) throw runtimeError('ERR_RUNTIME_ANSWER_CUT');
  const { citations, unknown } = validateCitations(masked, prompt);
  const receipt = await chain.inference.enclave.receipt(originalResponse(reply));
  const invented = await findInvented(chain.redactor, masked, { types });
  notes.bytes = utf8(text).length;
  notes.attributes = describeUsage(finishReason, usage);
  notes.checked.push(...describeText(restorer, guard, invented));
  notes.checked.push('final chunk', `finish ${finishReason}`, `citations ${citations.length}`, 'receipt');
  const removedLinks = guard.removed;
  return { text, citations, unknownCitations: unknown, invented, removedLinks, finishReason, usage, receipt, held };
}

function describeUsage(reason: string, usage: Usage | undefined): OwnSpanAttributes {
  const counts = usage && {
    'gen_ai.usage.input_tokens': usage.promptTokens,
    'gen_ai.usage.output_tokens': usage.completionTokens,
  };
  return { 'gen_ai.response.finish_reasons': [toFinish(reason)], ...counts };
}

function describeText(
  restorer: Restorer,
  guard: Pick<OutputGuard, 'removed'>,
  invented: Readonly<Record<string, number>>,
): readonly string[] {
  const { restored, repaired, withheld, inLinks, unknown } = restorer.report();
  const made = Object.entries(invented).map(([type, count]) => `invented ${type} x${count}`);
  const left = withheld + inLinks + unknown;
  return [
    `restored ${restored}`,
    `repaired ${repaired}`,
    `left masked ${left}`,
    `links removed ${guard.removed}`,
    ...made,
  ];
}

/** Splits off the last character. */
function holdLast(text: Restored): readonly [Restored, Restored] {
  const last = (text.codePointAt(text.length - 2) ?? 0) > 0xff_ff ? 2 : 1;
  return [text.slice(0, -last) as Restored, text.slice(-last) as Restored];
}

/** Pieces of restored text are restored text; the type does not know. */
function join(...pieces: readonly Restored[]): Restored {
  return pieces.join('') as Restored;
}
