import { addUnit } from './word-hash.ts';

const BITS = 14;

/** Tells most words that are on none of some lists by a hash of their letters, which costs a fraction of looking them up. */
export interface WordFilter {
  /** Whether the word of a hash may be on a list: true for all that are, and for a few others. */
  mayHave(hash: number): boolean;
}

/** For all words of some lists. */
export function createWordFilter(lists: readonly Iterable<string>[]): WordFilter {
  const marks = new Int32Array(1 << (BITS - 5));
  for (const words of lists)
    for (const word of words) {
      let hash = 0;
      for (let index = 0; index < word.length; index++) hash = addUnit(hash, word.charCodeAt(index));
      const place = placeOf(hash);
      marks[place >>> 5] = (marks[place >>> 5] as number) | (1 << (place & 0x1f));
    }
  return {
    mayHave(hash) {
      const place = placeOf(hash);
      return (((marks[place >>> 5] as number) >>> (place & 0x1f)) & 1) !== 0;
    },
  };
}

function placeOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - BITS);
}
