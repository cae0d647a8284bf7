import type { Clock, Embedder, Ledger, RandomSource, Tokenizer, VectorStore } from '@cloister/core';
import type { ArenaCache } from './arena/arena-cache.ts';
import type { CellSpace } from './cells/cell-space.ts';
import type { TermSplitter } from './lexical/split-terms.ts';
import type { PrefixBasis } from './prefix/fit-prefix-basis.ts';
import type { SearchMode } from './search-mode.ts';

/** A retriever's options, resolved once. */
export interface RetrieverContext {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  readonly collection: string;
  readonly mode: SearchMode;
  /** What a search does about records that must not be believed. */
  readonly onTampered: 'throw' | 'skip';
  /** What the store must hold, on the trusted side. */
  readonly ledger: Ledger | undefined;
  readonly arenas: ArenaCache;
  /** In the mode `prefix`. */
  readonly prefix: PrefixBasis | undefined;
  /** In the mode `prefix`, where the store keeps keyed words: what splits texts. */
  readonly keyedWords: TermSplitter | undefined;
  /** In the mode `cells`, with how many of them a search opens. */
  readonly cells: CellSpace | undefined;
  readonly probes: number;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Loads the tokenizer that documents are cut with. */
  tokenizer(): Promise<Tokenizer>;
  /** Names embedder, tokenizer and cutting: a change of it makes documents new. */
  readonly procedure: string;
}
