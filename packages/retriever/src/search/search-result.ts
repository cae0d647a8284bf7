import type { Classification } from '@cloister/core';
import type { RefusalCode } from '../errors.ts';
import type { Narrowing } from './narrowing.ts';

/** Options of `search`. */
export interface SearchOptions {
  /** The most chunks to return: 1 to 1,000, 6 unless said. */
  readonly limit?: number;
  /** Looks at less than the caller may see. A model may write it: no more can be expressed. */
  readonly within?: Narrowing;
  /** What `embedQuestion` gave for the question with this retriever's embedder, so that it is not embedded once more. */
  readonly vector?: Float32Array;
  readonly signal?: AbortSignal;
}

/** A chunk that the caller may see. */
export interface RetrievedChunk {
  readonly document: string;
  /** Position of the chunk in its document. */
  readonly chunk: number;
  readonly text: string;
  readonly label: Classification;
  readonly acl: readonly string[];
  /** Cosine of question and chunk; with `ranking: 'hybrid'` the sum of 1 / (60 + rank) over both rankings. */
  readonly score: number;
}

/** What a search did, for operators and audit: its counts are not for callers, to whom they would tell what exists. */
export interface SearchReport {
  /** Opened records that were looked at. */
  readonly scanned: number;
  /** Opened records that the caller may not see. */
  readonly refusedByAcl: number;
  /** Records of the store that were not believed, by reason. */
  readonly refusedByStore: Readonly<Partial<Record<RefusalCode, number>>>;
  /** Genuine records of another embedder, which cannot be compared. */
  readonly otherEmbedder: number;
  /** Sealed bytes read from the store by this call; few once the arena is filled. */
  readonly bytes: number;
  /** `checked` against the ledger; without one an old copy of the whole store looks genuine (DESIGN 6.4). */
  readonly rollback: 'checked' | 'not detected';
}

/** What a search found. */
export interface SearchResult {
  /** Best first. */
  readonly chunks: readonly RetrievedChunk[];
  readonly report: SearchReport;
}
