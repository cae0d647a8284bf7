import { utf8 } from '@cloister/core';
import { attackWithPairs, createSpace } from './known-pairs.ts';
import type { Space } from './known-pairs.ts';
import { attackByPermutation, attackBySignature, attackBySize, attackDirectly } from './no-pairs.ts';
import type { Seeded } from './seeded.ts';
import { neighbourOverlap, rankCorrelation } from './structure.ts';
import type { Rows } from './vectors.ts';

/** What the attacker has: records of two tenants with the same texts, and the texts. */
export interface Target {
  readonly first: Rows;
  readonly second: Rows;
  /** Bytes of each sealed text, where records have a size. */
  readonly sizes?: readonly number[];
}

/** The truth about the records. */
export interface Truth {
  readonly texts: readonly string[];
  readonly vectors: Rows;
  readonly space: Space;
}

/** How many pairs somebody knows. */
export const PAIRS = [16, 64, 128] as const;
const RANDOM_PAIRS = 100_000;
/** Records that are linked, of those that nobody knows. */
const HIDDEN = 150;

/** What the attacks came to, by name; all but `cosine` are shares from 0 to 1. */
export type Leakage = Readonly<Record<string, number>>;

/** Runs every attack once. */
export function measureLeakage({ first, second, sizes }: Target, truth: Truth, seeded: Seeded): Leakage {
  const order = seeded.shuffled(first.length);
  const observed = createSpace(first);
  const figures: Record<string, number> = {};
  for (const pairs of PAIRS) {
    const [known, hidden] = [order.slice(0, pairs), order.slice(pairs, pairs + HIDDEN)];
    const { linkage, cosine } = attackWithPairs({ observed, texts: truth.space, known, hidden });
    figures[`${pairs} pairs`] = linkage;
    figures['cosine'] = cosine;
  }
  figures['permutation'] = attackByPermutation(first, truth.vectors, order);
  figures['signature'] = attackBySignature(first, truth.vectors);
  figures['neighbours'] = neighbourOverlap(first, truth.vectors);
  figures['ranks'] = rankCorrelation(first, truth.vectors, RANDOM_PAIRS, seeded);
  figures['tenants'] = Math.max(attackDirectly(first, second), attackBySignature(first, second));
  if (sizes !== undefined)
    figures['size'] = attackBySize(
      sizes,
      truth.texts.map((text) => utf8(text).length),
    );
  return figures;
}
