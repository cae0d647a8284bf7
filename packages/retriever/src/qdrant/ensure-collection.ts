import { retrieverError } from '../errors.ts';
import type { QdrantConnection } from './connect.ts';
import { PREFIX } from '../prefix/fit-prefix-basis.ts';
import { CONDITIONS } from './filters.ts';
import { FIELDS } from './point-wire.ts';
import type { ResolvedQdrantOptions } from './qdrant-options.ts';

/** Points of one request. */
export const PAGE = 256;
/** Candidates of one request: four times the most results of a search. */
const CANDIDATES = 4096;

/** The first version whose upserts can be kept from overwriting other tenants' points by a filter. */
const OLDEST = [1, 17] as const;

/** Indexes by field. The partition's makes Qdrant keep a tenant's points together. */
const INDEXES = {
  [FIELDS.partition]: { type: 'keyword', is_tenant: true },
  [FIELDS.document]: { type: 'keyword' },
  [FIELDS.tags]: { type: 'keyword' },
  [FIELDS.cell]: { type: 'keyword' },
} as const;

/** Refuses what has no index or asks for too much. A filter it cannot demand: that stays with the store. */
const STRICT_MODE = {
  enabled: true,
  unindexed_filtering_retrieve: false,
  unindexed_filtering_update: false,
  max_query_limit: CANDIDATES,
  upsert_max_batchsize: PAGE,
  condition_max_size: CONDITIONS,
  filter_max_conditions: 16 * CONDITIONS,
};

/**
 * Makes the collection if there is none, else checks that it is one of ours. A server that is still loading is waited for.
 * @throws CloisterError `ERR_RETRIEVER_STORE_OPEN` for an older server or another collection; `ERR_RETRIEVER_STORE_FAILED`
 */
export async function ensureCollection(connection: QdrantConnection, options: ResolvedQdrantOptions): Promise<void> {
  const { collection } = options;
  await connection.waitUntilReady();
  const { version } = await connection.call((calls) => calls.versionInfo());
  if (!isSupported(version)) throw openError(options);
  const { exists } = await connection.call((calls) => calls.collectionExists(collection));
  if (!exists) await createCollection(connection, options);
  // Another process may have been faster or died between the steps: every index is asked for, which changes nothing then.
  for (const [field_name, field_schema] of Object.entries(INDEXES)) {
    await connection.call((calls) => calls.createPayloadIndex(collection, { wait: true, field_name, field_schema }));
  }
  const info = await connection.call((calls) => calls.getCollection(collection));
  const schema = info.payload_schema as Readonly<Record<string, { readonly data_type?: unknown } | undefined>>;
  const isOurs = Object.keys(INDEXES).every((field) => schema[field]?.data_type === 'keyword');
  if (!isOurs) throw openError(options);
}

async function createCollection(connection: QdrantConnection, options: ResolvedQdrantOptions): Promise<void> {
  const { collection, prefixes, keyedWords, shards, replicas, writeConsistency } = options;
  try {
    await connection.call((calls) =>
      calls.createCollection(collection, {
        // What is sealed has no place in a graph: only prefixes are searched by.
        vectors: prefixes ? { prefix: { size: PREFIX, distance: 'Euclid' } } : {},
        // The server knows how rare a number is; what it counts, a record says.
        ...(keyedWords && { sparse_vectors: { words: { modifier: 'idf' } } }),
        // Links only within a tenant.
        hnsw_config: { m: 0, payload_m: 16 },
        replication_factor: replicas,
        write_consistency_factor: writeConsistency,
        strict_mode_config: STRICT_MODE,
        ...(shards === undefined ? {} : { shard_number: shards }),
      }),
    );
  } catch (error) {
    const { exists } = await connection.call((calls) => calls.collectionExists(collection));
    if (!exists) throw error;
  }
}

function isSupported(version: unknown): boolean {
  const [major, minor] = String(version).split('.').map(Number);
  return major === OLDEST[0] && minor !== undefined && minor >= OLDEST[1];
}

function openError({ origin, collection }: ResolvedQdrantOptions): Error {
  return retrieverError('ERR_RETRIEVER_STORE_OPEN', { subject: `${origin.host} ${collection}` });
}
