import { lengthPrefixed } from '@cloister/core';
import type { KeyedWords } from '@cloister/core';
import type { TermSplitter } from '../lexical/split-terms.ts';
import { keyedHash } from '../keyed-hash.ts';
import type { CollectionKeys } from '../record/record-keys.ts';

/** Turns texts into words under keyed numbers. Equal words get equal numbers: that is what can be searched, and what leaks. */
export interface WordKeyer {
  /** Of a record: each word counts as in BM25, without how rare it is, which the store knows. */
  ofText(text: string): KeyedWords;
  /** Of a question: each word once. */
  ofQuestion(text: string): KeyedWords;
}

const [K1, B] = [1.2, 0.75];
/** Words of a chunk, about. A mean over the collection would have to be read from it before every write. */
const USUAL = 80;

/** The keyer of one tenant's collection. */
export function createWordKeyer(keys: CollectionKeys, split: TermSplitter): WordKeyer {
  const numbers = new Map<string, number>();
  const numberOf = (term: string): number => {
    const known = numbers.get(term);
    if (known !== undefined) return known;
    const message = lengthPrefixed('word', keys.tenant, keys.collection, term);
    const hash = keyedHash(keys.sodium, 16, keys.tags, message);
    const number = new DataView(hash.buffer, hash.byteOffset, hash.byteLength).getUint32(0);
    numbers.set(term, number);
    return number;
  };
  const key = (terms: readonly string[], weigh: (count: number) => number): KeyedWords => {
    const counts = new Map<number, number>();
    for (const term of terms) counts.set(numberOf(term), (counts.get(numberOf(term)) ?? 0) + 1);
    // In the order of the numbers, which says nothing about the order of the words.
    const sorted = [...counts].toSorted(([left], [right]) => left - right);
    return { indices: sorted.map(([number]) => number), values: sorted.map(([, count]) => weigh(count)) };
  };
  return {
    ofText(text) {
      const terms = split(text);
      const length = K1 * (1 - B + (B * terms.length) / USUAL);
      return key(terms, (count) => Number(((count * (K1 + 1)) / (count + length)).toFixed(3)));
    },
    ofQuestion: (text) => key(split(text), () => 1),
  };
}
