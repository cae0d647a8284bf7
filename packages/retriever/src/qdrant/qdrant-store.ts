import { openOnce } from '@cloister/core';
import type { NearestQuery, StoredPoint, StoreQuery, VectorStore, WordQuery } from '@cloister/core';
import { retrieverError } from '../errors.ts';
import { connect } from './connect.ts';
import { createRemover } from './create-remover.ts';
import { ensureCollection, PAGE } from './ensure-collection.ts';
import { createFilter } from './filters.ts';
import { fromWire, toNumbers, toSparse, toWire, WITHOUT_TEXT } from './point-wire.ts';
import { resolveQdrantOptions } from './qdrant-options.ts';
import type { QdrantStoreOptions } from './qdrant-options.ts';
import { scrollPage, scrollPages } from './scroll.ts';
import type { Session } from './scroll.ts';

export type { QdrantStoreOptions, ReadConsistency } from './qdrant-options.ts';

/** Sealed bytes of one request: below the server's bound of 32 MB even as base64. */
const REQUEST_BYTES = 8 * 1024 * 1024;

/**
 * Records in Qdrant 1.17 or later, all tenants in one collection under blind tags. Every request names the partition, and
 * a write cannot overwrite a point of another one. A write of more than one batch is not all or nothing. Connects on first
 * use, and makes the collection if there is none.
 * @throws CloisterError `ERR_RETRIEVER_OPTIONS`; later calls throw `ERR_RETRIEVER_STORE_OPEN`,
 *   `ERR_RETRIEVER_STORE_FAILED` and `ERR_RETRIEVER_STORE_CLOSED`
 */
export function qdrantStore(options: QdrantStoreOptions): VectorStore {
  const resolved = resolveQdrantOptions(options);
  const connection = connect(resolved);
  const collection = openOnce(() => ensureCollection(connection, resolved));
  let open = true;
  const ready = async (): Promise<Session> => {
    if (!open) throw retrieverError('ERR_RETRIEVER_STORE_CLOSED');
    await collection.get();
    return { connection, options: resolved };
  };
  return {
    put: async (points) => putPoints(await ready(), points),
    get: async (partition, ids) => getPoints(await ready(), partition, ids),
    async *scan(query) {
      yield* scanPoints(await ready(), query);
    },
    deleteDocument: createRemover(ready),
    ...(resolved.prefixes && {
      nearest: async ({ prefix, ...rest }: NearestQuery) =>
        findAlike(await ready(), { ...rest, query: toNumbers(prefix), using: 'prefix' }),
    }),
    ...(resolved.keyedWords && {
      sharing: async ({ words, ...rest }: WordQuery) =>
        findAlike(await ready(), { ...rest, query: toSparse(words), using: 'words' }),
    }),
    async close() {
      open = false;
      connection.close();
    },
  };
}

async function putPoints({ connection, options }: Session, points: readonly StoredPoint[]): Promise<number> {
  for (const [partition, own] of Map.groupBy(points, (point) => point.partition)) {
    for (const batch of batchesOf(own)) {
      await connection.call((calls) =>
        calls.upsert(options.collection, {
          wait: true,
          points: batch.map(toWire),
          // A point that exists under this id in another partition stays as it is.
          update_filter: createFilter(partition),
        }),
      );
    }
  }
  return points.length;
}

function* batchesOf(points: readonly StoredPoint[]): Generator<readonly StoredPoint[]> {
  let batch: StoredPoint[] = [];
  let bytes = 0;
  for (const point of points) {
    const size = point.head.length + point.payload.length + point.vector.length;
    if (batch.length === PAGE || (batch.length > 0 && bytes + size > REQUEST_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(point);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

async function getPoints(session: Session, partition: string, ids: readonly string[]): Promise<readonly StoredPoint[]> {
  const points: StoredPoint[] = [];
  for (let start = 0; start < ids.length; start += PAGE) {
    const wanted = ids.slice(start, start + PAGE);
    const filter = createFilter(partition, { ids: wanted });
    points.push(...(await scrollPage(session, { filter, limit: wanted.length })).points);
  }
  return points;
}

async function* scanPoints(session: Session, query: StoreQuery): AsyncGenerator<readonly StoredPoint[]> {
  const { partition, tags, cells, texts = true } = query;
  if (tags?.length === 0 || cells?.length === 0) return;
  yield* scrollPages(session, createFilter(partition, { tags, cells }), texts ? true : WITHOUT_TEXT);
}

/** What a server is asked for by a vector. */
interface Likeness extends Omit<NearestQuery, 'prefix'> {
  readonly query: number[] | ReturnType<typeof toSparse>;
  readonly using: 'prefix' | 'words';
}

async function findAlike(
  { connection, options }: Session,
  { partition, tags, query, using, limit, texts = true }: Likeness,
): Promise<readonly StoredPoint[]> {
  if (tags?.length === 0) return [];
  const { readConsistency } = options;
  const { points } = await connection.call((calls) =>
    calls.query(options.collection, {
      query,
      using,
      filter: createFilter(partition, { tags }),
      limit,
      with_payload: texts ? true : WITHOUT_TEXT,
      with_vector: false,
      ...(readConsistency === undefined ? {} : { consistency: readConsistency }),
    }),
  );
  if (!Array.isArray(points) || points.length > limit) throw retrieverError('ERR_RETRIEVER_STORE_FAILED');
  return points.map(fromWire);
}
