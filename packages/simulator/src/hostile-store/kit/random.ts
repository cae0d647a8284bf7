import { utf8 } from '@cloister/core';

/** A number from 0 up to, not including, `below`. */
export type Random = (below: number) => number;

/** A repeatable generator (xorshift32): one seed gives one sequence. Never for keys. */
export function createRandom(seed: string): Random {
  let state = utf8(seed).reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 17) || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}
