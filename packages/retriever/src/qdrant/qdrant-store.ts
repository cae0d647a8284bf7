import { openOnce } from '@cloister/core';
import type { NearestQuery, StoredPoint, StoreQuery, VectorStore, WordQuery } from '@cloister/core';
import { retrieverError } from '../errors.ts';
import { connect } from './connect.ts';
import type { QdrantConnection } from './connect.ts';
import { ensureCollection, PAGE } from './ensure-collection.ts';
import { CONDITIONS, createFilter } from './filters.ts';
import { fromUuid, fromWire, toNumbers, toSparse, toUuid, toWire, WITHOUT_TEXT } from './point-wire.ts';
import { resolveQdrantOptions } from './qdrant-options.ts';
import type { QdrantStoreOptions, ResolvedQdrantOptions } from './qdrant-options.ts';

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
    deleteDocument: async (partition, document, keep = []) =>
      deleteDocument(await ready(), partition, document, new Set(keep)),
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

interface Session {
  readonly connection: QdrantConnection;
  readonly options: ResolvedQdrantOptions;
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

async function deleteDocument(
  session: Session,
  partition: string,
  document: string,
  keep: ReadonlySet<string>,
): Promise<number> {
  const { connection, options } = session;
  const filter = createFilter(partition, { document });
  const gone: string[] = [];
  for await (const page of scrollPages(session, filter, false)) {
    gone.push(...page.map(({ id }) => id).filter((id) => !keep.has(id)));
  }
  const names = gone.filter((id) => /^[0-9a-f]{32}$/.test(id));
  for (const ids of chunksOf(names, CONDITIONS)) {
    const selected = createFilter(partition, { document, ids });
    await connection.call((calls) => calls.delete(options.collection, { wait: true, filter: selected }));
  }
  return names.length;
}

type Filter = ReturnType<typeof createFilter>;

interface PageRequest {
  readonly filter: Filter;
  readonly limit: number;
  readonly offset?: string;
  readonly withPayload?: boolean | string[];
}

async function scrollPage(
  { connection, options }: Session,
  { filter, limit, offset, withPayload = true }: PageRequest,
): Promise<{ readonly points: readonly StoredPoint[]; readonly next: string | undefined }> {
  const { readConsistency } = options;
  const page = await connection.call((calls) =>
    calls.scroll(options.collection, {
      filter,
      limit,
      with_payload: withPayload,
      with_vector: false,
      ...(offset === undefined ? {} : { offset: toUuid(offset) }),
      ...(readConsistency === undefined ? {} : { consistency: readConsistency }),
    }),
  );
  if (!Array.isArray(page.points) || page.points.length > limit) throw retrieverError('ERR_RETRIEVER_STORE_FAILED');
  const next = page.next_page_offset;
  return { points: page.points.map(fromWire), next: next === null || next === undefined ? undefined : fromUuid(next) };
}

async function* scrollPages(
  session: Session,
  filter: Filter,
  withPayload: boolean | string[],
): AsyncGenerator<readonly StoredPoint[]> {
  let offset = '';
  for (;;) {
    const request = { filter, limit: PAGE, withPayload, ...(offset === '' ? {} : { offset }) };
    const { points, next } = await scrollPage(session, request);
    if (points.length > 0) yield points;
    // Ids rise from page to page: a server that goes in circles is not followed.
    if (next === undefined || next <= offset) return;
    offset = next;
  }
}

function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
