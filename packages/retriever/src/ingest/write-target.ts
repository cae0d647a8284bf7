import type { RandomSource, VectorStore } from '@cloister/core';
import type { CollectionLedger } from '@cloister/tenancy';
import type { ArenaSlot } from '../arena/arena-cache.ts';
import type { CellSpace } from '../cells/cell-space.ts';
import type { TermSplitter } from '../lexical/split-terms.ts';
import type { PrefixBasis } from '../prefix/fit-prefix-basis.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import type { RetrieverContext } from '../retriever-context.ts';

/** Where records are written, within the collection's `access`. */
export interface WriteTarget {
  readonly store: VectorStore;
  readonly keys: CollectionKeys;
  readonly ledger: CollectionLedger | undefined;
  /** In the mode `prefix`. */
  readonly prefix: PrefixBasis | undefined;
  /** In the mode `prefix`, where the store keeps keyed words. */
  readonly keyedWords: TermSplitter | undefined;
  /** In the mode `cells`. */
  readonly cells: CellSpace | undefined;
  readonly random: RandomSource;
}

/** Where a retriever writes a collection. */
export function targetOf(
  { store, prefix, keyedWords, cells, random }: RetrieverContext,
  keys: CollectionKeys,
  { ledger }: ArenaSlot,
): WriteTarget {
  return { store, keys, ledger, prefix, keyedWords, cells, random };
}
