import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemRandom, utf8 } from '@cloister/core';
import type { VectorStore } from '@cloister/core';
import { qdrantStore } from '@cloister/retriever/qdrant';
import { sqliteStore } from '@cloister/retriever/sqlite';
import { createTenancy, localBroker } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import { startQdrantStandIn } from '@cloister/simulator/qdrant';
import { QdrantClient } from '@qdrant/js-client-rest';
import { deriveCollectionKeys } from '../packages/retriever/src/record/record-keys.ts';
import type { CollectionKeys } from '../packages/retriever/src/record/record-keys.ts';
import { createNonces, sealRecord } from '../packages/retriever/src/record/seal-record.ts';
import { RECORD_DRAFT } from './record-draft.ts';
import type { Row } from './report.ts';
import { createSamples } from './samples.ts';

// Writing 10,000 chunks in batches of 256: sealed through our stores, against the same texts and vectors in clear through
// the bare client of Qdrant and through a plain table of SQLite. Embedding costs the same for both and is left out.

const RECORDS = 10_000;
const BATCH = 256;
const DIMENSIONS = 384;
const ROUNDS = 3;

interface Chunk {
  readonly document: string;
  readonly text: string;
  readonly values: Float32Array<ArrayBuffer>;
}

/** Writes one batch. */
type Write = (chunks: readonly Chunk[]) => Promise<void>;

/** The rows of `bench retrieval` about writing. */
export async function measureUpsert(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cloister-upsert-'));
  const server = await startQdrantStandIn();
  const tenancy = createTenancy({ broker: localBroker(join(folder, 'keys'), { key: systemRandom(32) }) });
  const claims = { issuer: 'bench', tenant: 'bench', subject: 'bench', purpose: 'bench', groups: ['all'] };
  const tenant = await tenancy.tenant(assertPrincipal({ ...claims, clearance: 'restricted', compartments: [] }));
  try {
    const keys = await deriveCollectionKeys(tenant, 'bench');
    const name = (): string => `c${Math.random().toString(16).slice(2)}`;
    const file = (): string => join(folder, `${name()}.db`);
    return [
      await compare('Qdrant stand-in', async () => {
        return [
          sealed(qdrantStore({ url: server.url, collection: name() }), keys),
          await bareQdrant(server.url, name()),
        ];
      }),
      await compare('sqlite', async () => [sealed(sqliteStore(file()), keys), plainTable(file())]),
    ];
  } finally {
    await tenancy.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(title: string, open: () => Promise<readonly [Write, Write]>): Promise<Row> {
  const chunks = createChunks();
  const samples = createSamples();
  for (let round = -1; round < ROUNDS; round++) {
    if (round === 0) samples.clear();
    const [ours, plain] = await open();
    for (const [name, write] of [
      ['sealed', ours],
      ['plain', plain],
    ] as const) {
      const start = performance.now();
      for (let from = 0; from < RECORDS; from += BATCH) await write(chunks.slice(from, from + BATCH));
      samples.add(name, performance.now() - start);
    }
  }
  const [value, baseline] = [samples.median('sealed'), samples.median('plain')];
  const name = `${title}: upsert of ${RECORDS} in batches of ${BATCH}, sealed (baseline: in clear)`;
  return { name, value, unit: 'ms', baseline, ratio: value / baseline };
}

function createChunks(): readonly Chunk[] {
  return Array.from({ length: RECORDS }, (_, index) => {
    const values = Float32Array.from({ length: DIMENSIONS }, () => Math.random() - 0.5);
    const length = Math.hypot(...values);
    const text = `Note ${index}. ${'The patient was seen and the dose was changed. '.repeat(10)}`;
    return { document: `note-${index}`, text, values: values.map((value) => value / length) };
  });
}

function sealed(store: VectorStore, keys: CollectionKeys): Write {
  return async (chunks) => {
    const nonces = createNonces(systemRandom);
    const records = chunks.map((chunk) => sealRecord(keys, { ...RECORD_DRAFT, ...chunk }, nonces));
    await store.put(records.map(({ point }) => point));
  };
}

async function bareQdrant(url: string, collection: string): Promise<Write> {
  const client = new QdrantClient({ url, checkCompatibility: false });
  await client.createCollection(collection, { vectors: { size: DIMENSIONS, distance: 'Cosine' } });
  let id = 0;
  return async (chunks) => {
    const points = chunks.map(({ document, text, values }) => {
      const uuid = `00000000-0000-0000-0000-${String(id++).padStart(12, '0')}`;
      const payload = { tenant: 'bench', document, text, acl: ['all'], label: 'internal' };
      return { id: uuid, vector: Array.from(values), payload };
    });
    await client.upsert(collection, { wait: true, points });
  };
}

function plainTable(path: string): Write {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE points (id TEXT PRIMARY KEY, tenant TEXT, acl TEXT, text TEXT, vector BLOB)');
  const insert = database.prepare('INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?, ?)');
  return async (chunks) => {
    database.exec('BEGIN IMMEDIATE');
    for (const { document, text, values } of chunks) {
      insert.run(document, 'bench', 'all', utf8(text), new Uint8Array(values.buffer));
    }
    database.exec('COMMIT');
  };
}
