import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256, toHex, utf8 } from '@cloister/core';
import type { Ledger, LedgerEntry } from '@cloister/core';
import { createRetriever } from '@cloister/retriever';
import { sqliteStore } from '@cloister/retriever/sqlite';
import { createTenancy, localBroker, localLedger, openCollectionLedger } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import type { Row } from './report.ts';
import { createSamples, type Samples } from './samples.ts';

// The price of the ledger: an update by what the collection holds already, opening it, asking whether anything changed;
// and ingestion and search with it against the same without it, in one run. Texts and vectors are made up.

const SIZES = [1_000, 10_000, 100_000] as const;
const BATCH = 256;
const ROUNDS = 40;

/** The rows of `bench retrieval` about the ledger. */
export async function measureLedger(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cloister-ledger-bench-'));
  try {
    return [...(await measureUpdates(folder)), ...(await measureRetriever(folder))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function entryOf(index: number, version: number): LedgerEntry {
  const hex = toHex(sha256(utf8(`entry ${index}`)));
  const digest = toHex(sha256(utf8(`${index} ${version}`)));
  return { id: hex.slice(0, 32), document: hex.slice(32), tags: ['ab'.repeat(16)], version, digest };
}

async function measureUpdates(folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of SIZES) {
    const ledger = localLedger(join(folder, `${size}.db`));
    const view = openCollectionLedger(ledger, 'bench');
    await view.advance({ put: Array.from({ length: size }, (_, index) => entryOf(index, 1)), remove: [] });
    const samples = createSamples();
    for (let round = 0; round < ROUNDS; round++) {
      const put = Array.from({ length: BATCH }, (_, index) => entryOf((round * 7919 + index * 31) % size, round + 2));
      await timed(samples, 'update', () => view.advance({ put, remove: [] }));
      await timed(samples, 'unchanged', () => view.refresh());
    }
    await timed(samples, 'open', () => openCollectionLedger(ledger, 'bench').refresh());
    await ledger.close();
    const row = (name: string, sample: string, unit: string, scale: number): Row => ({
      name: `ledger of ${size} records: ${name}`,
      value: samples.median(sample) * scale,
      unit,
    });
    rows.push(row('update of one record in a batch of 256', 'update', 'us', 1000 / BATCH));
    rows.push(row('question whether anything changed', 'unchanged', 'us', 1000), row('open', 'open', 'ms', 1));
  }
  return rows;
}

async function timed(samples: Samples, name: string, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  samples.add(name, performance.now() - start);
}

const DOCUMENTS = 5_000;

/** Ingestion and search over the SQLite store; vectors come from a generator that costs next to nothing. */
async function measureRetriever(folder: string): Promise<Row[]> {
  const broker = localBroker(join(folder, 'keys'), { key: new Uint8Array(32).fill(7) });
  const tenancy = createTenancy({ broker });
  const claims = { issuer: 'bench', tenant: 'bench', subject: 'bench', purpose: 'bench' };
  const rights = { groups: ['all'], clearance: 'restricted', compartments: [] } as const;
  const tenant = await tenancy.tenant(assertPrincipal({ ...claims, ...rights }));
  const samples = createSamples();
  const documents = Array.from({ length: DOCUMENTS }, (_, index) => ({
    id: `note-${index}`,
    text: `Note number ${index}.`,
    label: 'internal' as const,
    acl: ['all'],
  }));
  const run = async (name: string, ledger: Ledger | undefined, round: number): Promise<void> => {
    const store = sqliteStore(join(folder, `${name}-${round}.db`));
    const retriever = createRetriever({ store, embedder: cheapEmbedder(), collection: `${name}-${round}`, ledger });
    await timed(samples, `${name} ingest`, () => retriever.ingest(tenant, documents));
    await timed(samples, `${name} first search`, () => retriever.search(tenant, 'note'));
    for (let turn = 0; turn < 20; turn++) {
      await timed(samples, `${name} search`, () => retriever.search(tenant, 'note'));
    }
    await retriever.close();
    await store.close();
  };
  for (let round = 0; round < 4; round++) {
    await run('without', undefined, round);
    await run('with', broker.ledger, round);
    if (round === 0) samples.clear();
  }
  await tenancy.close();
  await broker.close();
  return ['ingest', 'first search', 'search'].map((step) => {
    const [value, baseline] = [samples.median(`with ${step}`), samples.median(`without ${step}`)];
    const name = `${step} of ${DOCUMENTS} records with the ledger (baseline: without)`;
    return { name, value, unit: 'ms', baseline, ratio: value / baseline };
  });
}

function cheapEmbedder(): Parameters<typeof createRetriever>[0]['embedder'] {
  const embed = async (texts: readonly string[]): Promise<Float32Array[]> =>
    texts.map((text) => new Float32Array(384).fill(1 / Math.sqrt(384)).with(text.length % 384, 0));
  return { id: 'bench', dimensions: 384, embed };
}
