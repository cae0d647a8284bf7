import { utf8 } from '@cloister/core';

/** Repeatable randomness of an experiment: one seed, one result. Never for keys. */
export interface Seeded {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** Normally distributed (Box and Muller). */
  normal(): number;
  /** The numbers below `count` in random order. */
  shuffled(count: number): number[];
}

/** Starts at a seed (mulberry32). */
export function createSeeded(seed: string): Seeded {
  let state = utf8(seed).reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 17);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffled(count) {
      const order = Array.from({ length: count }, (_, index) => index);
      for (let left = count - 1; left > 0; left--) {
        const other = Math.floor(next() * (left + 1));
        [order[left], order[other]] = [order[other] as number, order[left] as number];
      }
      return order;
    },
  };
}
