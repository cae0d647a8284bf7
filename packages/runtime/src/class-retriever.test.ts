import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Classification, Embedder, Tenant, VectorStore } from '@cloister/core';
import type { EvidencePolicy } from '@cloister/evidence';
import { fitCells, fitPrefixBasis, hashingEmbedder, type IngestDocument, type SearchMode } from '@cloister/retriever';
import { sqliteStore } from '@cloister/retriever/sqlite';
import { createTenancy, localBroker } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import { afterAll, describe, expect, it } from 'vitest';
import { createClassRetriever, type ClassRetriever, type SearchBases } from './class-retriever.ts';
import { defaultPolicy, type RuntimePolicy } from './policy.ts';

const scratch = mkdtempSync(join(tmpdir(), 'cloister-class-'));
const broker = localBroker(join(scratch, 'keys'), { key: new Uint8Array(32).fill(7) });
const tenancy = createTenancy({ broker });
const claims = { issuer: 'tests', tenant: 'st-mary', subject: 'dr-jones', groups: ['all'], compartments: [] };
const tenant: Tenant = await tenancy.tenant(assertPrincipal({ ...claims, clearance: 'restricted', purpose: 'tests' }));
const embedder = hashingEmbedder();
const texts = Array.from({ length: 80 }, (_, index) => `word ${index} and ${index * 7}`);
const sample = await embedder.embed(texts);
const bases: SearchBases = { cells: fitCells(sample, { cells: 4 }), prefix: fitPrefixBasis(sample) };

let files = 0;
const opened: VectorStore[] = [];
afterAll(async () => {
  for (const store of opened) await store.close();
  await tenancy.close();
  await broker.close();
  rmSync(scratch, { recursive: true, force: true });
});

const evidence = {} as EvidencePolicy;
function policyOf(modes: Partial<Record<Classification, readonly SearchMode[]>>): RuntimePolicy {
  const policy = defaultPolicy(evidence);
  const classes = { ...policy.classes };
  for (const [label, searchModes] of Object.entries(modes) as [Classification, readonly SearchMode[]][]) {
    classes[label] = { ...classes[label], searchModes };
  }
  return { ...policy, classes };
}

interface Scene {
  readonly path: string;
  readonly store: VectorStore;
  readonly open: (policy: RuntimePolicy, given?: SearchBases) => ClassRetriever;
  /** Texts that were embedded. */
  readonly embedded: string[];
}

function scene(): Scene {
  const path = join(scratch, `${files++}.db`);
  const store = sqliteStore(path);
  opened.push(store);
  const embedded: string[] = [];
  const spy: Embedder = {
    ...embedder,
    embed(given, options) {
      embedded.push(...given);
      return embedder.embed(given, options);
    },
  };
  const parts = { store, embedder: spy, collection: `c${files}`, ledger: broker.ledger };
  return { path, store, embedded, open: (policy, given = {}) => createClassRetriever(policy, parts, given) };
}

const document = (id: string, text: string, label: Classification): IngestDocument => ({
  id,
  text,
  label,
  acl: ['all'],
});
const leaflet = document('leaflet', 'Wash your hands before visiting the ward.', 'public');
const letter = document('letter', 'Mrs Alvarez takes metoprolol in the morning.', 'restricted');

async function find(
  retriever: ClassRetriever,
  question: string,
  label: Classification = 'restricted',
): Promise<string[]> {
  const { chunks } = await retriever.search(tenant, question, { label, limit: 10 });
  return chunks.map(({ document: id }) => id);
}

describe('createClassRetriever', () => {
  it('takes the first mode of each class that can be had', () => {
    const { open } = scene();
    const policy = policyOf({ public: ['plain'], internal: ['prefix', 'cells', 'sealed'], restricted: ['sealed'] });
    const modes = (given?: SearchBases): string[] =>
      (['public', 'internal', 'restricted'] as const).map((label) => open(policy, given).modeOf(label));
    expect(modes()).toEqual(['plain', 'sealed', 'sealed']);
    // SQLite keeps no prefixes, so that those cannot be had either.
    expect(modes(bases)).toEqual(['plain', 'cells', 'sealed']);
    expect(() => open(policyOf({ internal: ['cells'] }))).toThrow(
      expect.objectContaining({ code: 'ERR_RUNTIME_MODE_NOT_ALLOWED', subject: 'internal' }),
    );
  });

  it('keeps documents by their class, and finds them as one', async () => {
    const { open, path, store } = scene();
    const retriever = open(policyOf({ public: ['plain'], restricted: ['cells'] }), bases);
    const receipt = await retriever.ingest(tenant, [leaflet, letter], {});
    expect(receipt).toMatchObject({ documents: 2, added: 2, chunks: 2 });
    expect((await find(retriever, 'Who takes metoprolol?')).toSorted()).toEqual(['leaflet', 'letter']);
    const { report } = await retriever.search(tenant, 'hands', { label: 'restricted', limit: 1 });
    expect(report).toMatchObject({ scanned: 2, refusedByStore: {}, rollback: 'checked' });
    await store.close();
    const file = readFileSync(path);
    expect([file.includes(leaflet.text), file.includes(letter.text)]).toEqual([true, false]);
  });

  it('moves a document whose class has changed: nothing of it stays in the mode before', async () => {
    const { open, path, store } = scene();
    const retriever = open(policyOf({ public: ['plain'] }));
    await retriever.ingest(tenant, [leaflet], {});
    await retriever.ingest(tenant, [{ ...leaflet, label: 'restricted' }], {});
    const { chunks } = await retriever.search(tenant, 'hands', { label: 'restricted', limit: 10 });
    expect(chunks.map(({ document: id, label }) => [id, label])).toEqual([['leaflet', 'restricted']]);
    await store.close();
    expect(readFileSync(path).includes(leaflet.text)).toBe(false);
  });

  it('does not count what an older policy let into a mode', async () => {
    const { open } = scene();
    await open(policyOf({ public: ['plain'], internal: ['sealed'] })).ingest(tenant, [leaflet, letter], {});
    const stricter = open(policyOf({ public: ['sealed'] }));
    expect(await find(stricter, 'hands')).toEqual(['letter']);
    await stricter.ingest(tenant, [leaflet], {});
    expect((await find(stricter, 'hands')).toSorted()).toEqual(['leaflet', 'letter']);
  });

  it('shows no question to a store in a mode that the policy does not allow for its class', async () => {
    const { open } = scene();
    const retriever = open(policyOf({ public: ['cells'], internal: ['sealed', 'cells'] }), bases);
    await retriever.ingest(tenant, [leaflet, letter], {});
    expect((await find(retriever, 'hands', 'internal')).toSorted()).toEqual(['leaflet', 'letter']);
    expect(await find(retriever, 'hands', 'restricted')).toEqual(['letter']);
  });

  it('embeds a question once, however many modes there are', async () => {
    const { open, embedded } = scene();
    const retriever = open(policyOf({ public: ['plain'], internal: ['cells'] }), bases);
    await retriever.ingest(tenant, [leaflet, letter], {});
    embedded.length = 0;
    expect((await find(retriever, 'hands', 'internal')).toSorted()).toEqual(['leaflet', 'letter']);
    expect(embedded).toEqual(['hands']);
  });

  it('answers an empty ingestion with a receipt of zeros', async () => {
    const retriever = scene().open(policyOf({ public: ['plain'] }));
    expect(await retriever.ingest(tenant, [], {})).toMatchObject({ documents: 0, chunks: 0, bytes: 0 });
  });
});
