import type { Clock } from '@cloister/core';

/** How an engine took one request. */
export type EngineSign = 'prompt' | 'late' | 'busy';

/** How many requests an engine may work on at a time, learnt from how it takes them. */
export interface ConcurrencyLimit {
  /** Whole requests, at least one. */
  readonly value: number;
  /**
   * @param sign what the engine showed
   * @param startedAt ms, when the request was sent
   * @param isUsed whether the limit was reached meanwhile: what was not used cannot have been too little
   */
  learn(sign: EngineSign, startedAt: number, isUsed: boolean): void;
}

/** What is left after the engine said that it is too much. */
const DECREASE = 0.7;

/**
 * Additive increase, multiplicative decrease: one more for each round of prompt answers, 30 % fewer when the engine says that it
 * is busy or lets a first byte wait. Requests that were on their way at a decrease do not cause another one.
 */
export function createConcurrencyLimit(least: number, most: number, clock: Clock): ConcurrencyLimit {
  let value = most;
  let decreasedAt = Number.NEGATIVE_INFINITY;
  return {
    get value() {
      return Math.floor(value);
    },
    learn(sign, startedAt, isUsed) {
      if (sign === 'prompt' && isUsed) value = Math.min(most, value + 1 / value);
      if (sign === 'prompt' || startedAt < decreasedAt) return;
      value = Math.max(least, Math.floor(value * DECREASE));
      decreasedAt = clock.now();
    },
  };
}
