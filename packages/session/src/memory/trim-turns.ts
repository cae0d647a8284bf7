import { sessionError } from '../errors.ts';

/** How much of a conversation a prompt may take. */
export interface TrimOptions {
  /** Tokens for all turns together. */
  readonly budget: number;
  /** Tokens in a cache block of the engine; 16 unless given. */
  readonly blockSize?: number;
  /** The share of the budget that is left after a cut, so that the next is far away; 0.7 unless given. */
  readonly keep?: number;
}

/**
 * Where a prompt's history begins. Every cut moves all that follows and so empties the prefix cache: nothing is cut while
 * the turns fit, and a cut goes down to the last whole block below `keep` of the budget.
 * @param tokens of each turn, oldest first
 * @param start where it began so far
 * @returns the index of the first turn that stays, at least `start`
 * @throws CloisterError `ERR_SESSION_DERIVATION` naming what is out of range
 */
export function trimTurns(tokens: readonly number[], start: number, options: TrimOptions): number {
  const { budget, blockSize = 16, keep = 0.7 } = options;
  const check = (holds: boolean, subject: string): void => {
    if (!holds) throw sessionError('ERR_SESSION_DERIVATION', { subject });
  };
  check(Number.isInteger(budget) && budget >= 0, 'budget');
  check(Number.isInteger(blockSize) && blockSize > 0, 'blockSize');
  check(keep > 0 && keep <= 1, 'keep');
  check(Number.isInteger(start) && start >= 0 && start <= tokens.length, 'start');
  let left = tokens.slice(start).reduce((sum, count) => sum + count, 0);
  if (left <= budget) return start;
  const goal = Math.floor((budget * keep) / blockSize) * blockSize;
  let first = start;
  while (left > goal) left -= tokens[first++] ?? left;
  return first;
}
