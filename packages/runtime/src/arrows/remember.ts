import { covers, type Classification } from '@cloister/core';
import type { Turn } from '@cloister/session';
import type { ArrowNotes } from '../arrow.ts';
import type { Chain } from '../chain.ts';
import type { OpenSession } from '../session.ts';

/** A turn that goes into a prompt. */
export interface RecalledTurn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly label: Classification;
}

/** What stands in front of a summary, so that roles go on taking turns. */
export const SUMMARY_QUESTION = 'What was said so far, in short?';

/** The turns that the next prompt holds, of what the caller may see: the summary of earlier ones first, if there is one. */
export function recall(chain: Chain, { history }: OpenSession): readonly RecalledTurn[] {
  if (history === undefined) return [];
  const turns = history.memory.turns();
  const isVisible = ({ label }: Turn): boolean => covers(chain.claims.clearance, label);
  const summary = lastSummary(turns);
  const before = summary !== undefined && isVisible(summary) ? asExchange(summary) : [];
  return [...before, ...turns.slice(history.start).filter(isSaid).filter(isVisible)];
}

/** The summary that stands for the turns before its `through`. */
export function lastSummary(turns: readonly Turn[]): Turn | undefined {
  return turns.findLast(({ role }) => role === 'summary');
}

/** Whether a turn is part of the conversation itself: results of tools and notes are for whoever wrote them. */
export function isSaid(turn: Turn): turn is Turn & RecalledTurn {
  return turn.role === 'user' || turn.role === 'assistant';
}

/** A summary as question and answer. */
export function asExchange({ text, label }: Turn): readonly RecalledTurn[] {
  return [
    { role: 'user', text: SUMMARY_QUESTION, label },
    { role: 'assistant', text, label },
  ];
}

/** Keeps a question and its answer, each if the policy lets its class be remembered. */
export async function remember(
  chain: Chain,
  { history }: OpenSession,
  turns: readonly RecalledTurn[],
  notes: ArrowNotes,
): Promise<void> {
  if (history === undefined) return;
  const kept = turns.filter(({ label }) => chain.policy.classes[label].memorySeconds !== undefined);
  // Half an exchange would put words into the mouth of the other.
  if (kept.length < turns.length) return;
  for (const turn of kept) await history.memory.append(turn);
  notes.checked.push(`remembered ${kept.length}`, `rollback: ${history.memory.rollback}`);
}
