import { highest, utf8, type Classification } from '@cloister/core';
import type { Masked } from '@cloister/redaction';
import type { RetrievedChunk } from '@cloister/retriever';
import type { ArrowNotes } from '../arrow.ts';
import type { AskOptions, InjectionSignal } from '../ask-options.ts';
import type { Chain } from '../chain.ts';
import type { OpenSession } from '../session.ts';
import { recall, type RecalledTurn } from './remember.ts';
import { scoreSources } from './score-sources.ts';

/** The question and its sources with personal data replaced, all through one vault. */
export interface MaskedParts {
  readonly question: Masked;
  readonly questionLabel: Classification;
  readonly sources: readonly (Omit<RetrievedChunk, 'text'> & { readonly text: Masked })[];
  /** Replaced values by type. */
  readonly counts: Readonly<Record<string, number>>;
  readonly injection: readonly InjectionSignal[];
  /** Earlier turns, masked anew through the same vault: equal values keep their tokens. */
  readonly history: readonly (Omit<RecalledTurn, 'text'> & { readonly text: Masked })[];
}

/** -> redacted: what the policy names for the highest class among the parts is masked in all of them. */
export async function redact(
  chain: Chain,
  session: OpenSession,
  question: string,
  chunks: readonly RetrievedChunk[],
  options: AskOptions,
  notes: ArrowNotes,
): Promise<MaskedParts> {
  const questionLabel = options.label ?? chain.claims.clearance;
  const turns = recall(chain, session);
  const types =
    chain.policy.classes[highest([questionLabel, ...[...chunks, ...turns].map(({ label }) => label)])].redact;
  const counts: Record<string, number> = {};
  const mask = async (text: string, label: Classification): Promise<Masked> => {
    const masked = await chain.redactor.redact(text, { vault: session.vault, label, types });
    for (const [type, count] of Object.entries(masked.counts)) counts[type] = (counts[type] ?? 0) + count;
    notes.bytes = (notes.bytes ?? 0) + utf8(masked.text).length;
    return masked.text;
  };
  const history = [];
  for (const turn of turns)
    history.push({ role: turn.role, label: turn.label, text: await mask(turn.text, turn.label) });
  const sources = [];
  for (const chunk of chunks) sources.push({ ...chunk, text: await mask(chunk.text, chunk.label) });
  const injection = await scoreSources(chain, sources, notes);
  notes.attributes = { 'cloister.redactions': Object.values(counts).reduce((sum, count) => sum + count, 0) };
  const masked = { question: await mask(question, questionLabel), questionLabel, sources, history, counts, injection };
  notes.checked.push('look-alikes escaped', ...Object.entries(counts).map(([type, count]) => `${type} x${count}`));
  return masked;
}
