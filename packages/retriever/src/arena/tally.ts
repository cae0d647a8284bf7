import { retrieverError } from '../errors.ts';
import type { RefusalCode, RetrieverErrorCode } from '../errors.ts';
import type { CloisterError } from '@cloister/core';

/** What one call has read and refused. */
export interface Tally {
  /** Sealed bytes that came from the store. */
  bytes: number;
  /** Records of another embedder: genuine, but not comparable. */
  otherEmbedder: number;
  /** Records that were refused, by reason. */
  readonly refused: Map<RefusalCode, number>;
}

/** Nothing read, nothing refused. */
export function createTally(): Tally {
  return { bytes: 0, otherEmbedder: 0, refused: new Map() };
}

/** Counts one or more refusals. */
export function refuse(tally: Tally, code: RefusalCode, count = 1): void {
  if (count > 0) tally.refused.set(code, (tally.refused.get(code) ?? 0) + count);
}

/** The refusal of a whole search, with the counts by reason in `detail`: `{ foreign: 2, tampered: 1 }`. */
export function tamperedError(tally: Tally): CloisterError<RetrieverErrorCode> {
  const detail: Record<string, number> = {};
  for (const [code, count] of tally.refused) {
    detail[code.slice('ERR_RETRIEVER_RECORD_'.length).toLowerCase()] = count;
  }
  return retrieverError('ERR_RETRIEVER_TAMPERED', { detail });
}
