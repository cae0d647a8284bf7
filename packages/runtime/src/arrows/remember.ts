import { covers, type Classification } from '@cloister/core';
import { trimTurns, type Turn } from '@cloister/session';
import type { ArrowNotes } from '../arrow.ts';
import type { Chain } from '../chain.ts';
import type { OpenSession } from '../session.ts';

/** A turn that goes into a prompt. */
export interface RecalledTurn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly label: Classification;
}

/** The share of a prompt that history may take. */
const SHARE = 0.5;

/** The turns that the next prompt holds: what the caller may see, trimmed rarely, because every cut empties the cache. */
export async function recall(chain: Chain, { history }: OpenSession): Promise<readonly RecalledTurn[]> {
  if (history === undefined) return [];
  await history.memory.requireAlive();
  const turns = history.memory.turns().filter(isSaid);
  const { contextTokens, answerTokens } = chain.inference;
  const tokens = turns.map(({ text }) => chain.tokenizer.encode(text).length);
  const budget = Math.floor((contextTokens - answerTokens) * SHARE);
  history.start = trimTurns(tokens, Math.min(history.start, turns.length), { budget });
  return turns.slice(history.start).filter(({ label }) => covers(chain.claims.clearance, label));
}

function isSaid(turn: Turn): turn is Turn & RecalledTurn {
  return turn.role === 'user' || turn.role === 'assistant';
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
