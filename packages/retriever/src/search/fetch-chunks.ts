import type { StoredPoint, VectorStore } from '@cloister/core';
import type { RankedRow } from '../arena/rank-arena.ts';
import { refuse } from '../arena/tally.ts';
import type { Tally } from '../arena/tally.ts';
import type { RefusalCode } from '../errors.ts';
import { isStoredPoint, openHead, openText } from '../record/open-record.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import type { RetrievedChunk } from './search-result.ts';

/** The texts of ranked rows. */
export interface FetchedChunks {
  readonly chunks: readonly RetrievedChunk[];
  /** Rows that the store lacks or has newer versions of: another process may have written. */
  readonly outdated: number;
}

/**
 * Fetches and opens texts, best first, until `limit` are found. What the store gives now must be the very record that
 * was ranked: the same sealed head, hence the same label, groups, text and vector.
 */
export async function fetchChunks(
  store: VectorStore,
  keys: CollectionKeys,
  ranked: readonly RankedRow[],
  limit: number,
  tally: Tally,
  signal: AbortSignal | undefined,
): Promise<FetchedChunks> {
  const chunks: RetrievedChunk[] = [];
  let outdated = 0;
  for (let start = 0; start < ranked.length && chunks.length < limit; start += limit) {
    signal?.throwIfAborted();
    const page = ranked.slice(start, start + limit);
    const points = await getPoints(store, keys, page, tally);
    for (const candidate of page) {
      const opened = openChunk(keys, candidate, points.get(candidate.row.id), tally);
      if (opened === 'outdated') outdated++;
      else if (typeof opened === 'string') refuse(tally, opened);
      else if (chunks.length < limit) chunks.push(opened);
    }
  }
  return { chunks, outdated };
}

async function getPoints(
  store: VectorStore,
  keys: CollectionKeys,
  page: readonly RankedRow[],
  tally: Tally,
): Promise<ReadonlyMap<string, StoredPoint>> {
  const wanted = new Set(page.map(({ row }) => row.id));
  const points = new Map<string, StoredPoint>();
  for (const point of await store.get(keys.partition, [...wanted])) {
    if (!isStoredPoint(point)) refuse(tally, 'ERR_RETRIEVER_RECORD_MALFORMED');
    else if (points.has(point.id)) refuse(tally, 'ERR_RETRIEVER_RECORD_DUPLICATE');
    else if (!wanted.has(point.id)) refuseUnasked(keys, point, tally);
    else points.set(point.id, point);
  }
  return points;
}

/** A genuine record that nobody asked for does no harm, but says that the store is not what it should be. */
function refuseUnasked(keys: CollectionKeys, point: StoredPoint, tally: Tally): void {
  const opened = openHead(keys, point);
  refuse(tally, typeof opened === 'string' ? opened : 'ERR_RETRIEVER_RECORD_UNASKED');
}

function openChunk(
  keys: CollectionKeys,
  { row, score }: RankedRow,
  point: StoredPoint | undefined,
  tally: Tally,
): RetrievedChunk | RefusalCode | 'outdated' {
  if (point === undefined) return 'outdated';
  const opened = openHead(keys, point);
  if (typeof opened === 'string') return opened;
  tally.bytes += point.head.length + point.payload.length + point.vector.length;
  if (opened.digest !== row.digest) {
    return opened.head.version >= row.version ? 'outdated' : 'ERR_RETRIEVER_RECORD_STALE';
  }
  const payload = openText(keys, point, opened.head);
  if (typeof payload === 'string') return payload;
  const { document, chunk, label, acl } = opened.head;
  return { document, chunk, text: payload.text, label, acl, score };
}
