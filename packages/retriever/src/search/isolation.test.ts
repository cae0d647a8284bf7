import { fromUtf8, utf8 } from '@cloister/core';
import type { StoredPoint, Tenant, VectorStore } from '@cloister/core';
import { createHostileStore, HOSTILE_BEHAVIOURS } from '@cloister/simulator/hostile-store';
import type { HostileBehaviour, HostileStore } from '@cloister/simulator/hostile-store';
import { describe, expect, it } from 'vitest';
import { enter, newStore, note, notes } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';
import type { IngestDocument, Retriever } from '../index.ts';

const QUESTION = 'Which patient takes metoprolol since a heart attack?';
const embedder = hashingEmbedder();
const [own, foreign] = [await enter(), await enter({ tenant: 'st-john' })];
const hidden = note('hidden-1', 'Metoprolol for a patient of oncology.', { acl: ['oncology'] });
const secrets: readonly IngestDocument[] = Array.from({ length: 12 }, (_, index) =>
  note(`secret-${index}`, `St John patient ${index} takes metoprolol since a heart attack.`),
);

interface Scene {
  readonly store: HostileStore;
  /** A retriever that has seen nothing yet: what it finds comes from the store, not from memory. */
  readonly fresh: (onTampered?: 'throw' | 'skip') => Retriever;
}

async function twoTenants(): Promise<Scene> {
  const store = createHostileStore(newStore());
  const writer = createRetriever({ store, embedder });
  await writer.ingest(own, [...notes, hidden]);
  await writer.ingest(foreign, secrets);
  return { store, fresh: (onTampered = 'skip') => createRetriever({ store, embedder, onTampered }) };
}

const mine = new Map(notes.map(({ id, text }) => [id, text]));

/** What each lie is found out as; `undefined`: it cannot be told from an honest answer without a ledger. */
const FOUND_OUT: Readonly<Record<HostileBehaviour, readonly string[] | undefined>> = {
  honest: undefined,
  'ignore-filters': ['FOREIGN', 'UNASKED'],
  'edit-tags': ['TAMPERED'],
  'foreign-records': ['FOREIGN'],
  'swap-ids': ['TAMPERED'],
  'swap-heads': ['TAMPERED'],
  'swap-payloads': ['TAMPERED'],
  'swap-vectors': ['TAMPERED'],
  'flip-bit': ['TAMPERED', 'FOREIGN', 'MALFORMED'],
  truncate: ['TAMPERED', 'MALFORMED'],
  empty: ['MALFORMED'],
  drop: ['MISSING'],
  'extra-hits': ['UNASKED'],
  replay: undefined,
  'forge-labels': ['MALFORMED'],
  duplicate: ['DUPLICATE'],
  slow: undefined,
  reorder: undefined,
  rollback: undefined,
  'forget-writes': undefined,
  'keep-deleted': undefined,
  'contradictory-counts': undefined,
};

describe('a hostile store', () => {
  it.each(Object.keys(HOSTILE_BEHAVIOURS) as HostileBehaviour[])('%s gives nothing foreign away', async (behaviour) => {
    const { store, fresh } = await twoTenants();
    store.behave(behaviour);
    const { chunks, report } = await fresh().search(own, QUESTION, { limit: 50 });
    for (const { document, text } of chunks) expect(mine.get(document)).toBe(text);
    const codes = Object.keys(report.refusedByStore).map((code) => code.slice('ERR_RETRIEVER_RECORD_'.length));
    const expected = FOUND_OUT[behaviour];
    if (expected === undefined) expect(codes).toEqual([]);
    else expect(codes.length > 0 && codes.every((code) => expected.includes(code))).toBe(true);
  });

  it.each(Object.entries(FOUND_OUT).filter(([, codes]) => codes !== undefined))(
    '%s refuses the search unless told to skip',
    async (behaviour) => {
      const { store, fresh } = await twoTenants();
      const retriever = fresh('throw');
      store.behave(behaviour as HostileBehaviour);
      const refused = { code: 'ERR_RETRIEVER_TAMPERED', detail: expect.any(Object) as unknown };
      await expect(retriever.search(own, QUESTION)).rejects.toMatchObject(refused);
      await expect(retriever.search(own, QUESTION)).rejects.toMatchObject(refused);
      store.behave('honest');
      expect((await retriever.search(own, QUESTION)).chunks[0]?.document).toBe('note-1');
    },
  );

  it('names the counts in the error', async () => {
    const { store, fresh } = await twoTenants();
    store.behave('ignore-filters');
    await expect(fresh('throw').search(own, QUESTION)).rejects.toMatchObject({ detail: { foreign: secrets.length } });
  });

  it.each(['swap-payloads', 'flip-bit', 'swap-ids', 'truncate', 'ignore-filters', 'duplicate'] as const)(
    '%s after everything was opened is found out all the same',
    async (behaviour) => {
      const { store, fresh } = await twoTenants();
      const retriever = fresh('throw');
      await retriever.search(own, QUESTION);
      store.behave(behaviour);
      await expect(retriever.search(own, QUESTION, { limit: 5 })).rejects.toMatchObject({
        code: 'ERR_RETRIEVER_TAMPERED',
      });
    },
  );

  it('makes up for refused records with the next best', async () => {
    const { store, fresh } = await twoTenants();
    const retriever = fresh();
    const honest = await retriever.search(own, QUESTION, { limit: 5 });
    const victim = honest.chunks[0]?.document;
    let best: string | undefined;
    const tampered: VectorStore = {
      ...store,
      async get(partition, ids) {
        best ??= ids[0];
        const points = await store.get(partition, ids);
        return points.map((point) => (point.id === best ? { ...point, payload: point.head } : point));
      },
    };
    const other = createRetriever({ store: tampered, embedder, onTampered: 'skip' });
    const { chunks, report } = await other.search(own, QUESTION, { limit: 2 });
    expect(chunks.map(({ document }) => document)).toEqual(honest.chunks.slice(1, 3).map(({ document }) => document));
    expect(chunks.some(({ document }) => document === victim)).toBe(false);
    expect(report.refusedByStore).toEqual({ ERR_RETRIEVER_RECORD_TAMPERED: 1 });
  });

  it('says when a store lists a record and does not give it out', async () => {
    const { store } = await twoTenants();
    const withholding: VectorStore = { ...store, get: async () => [] };
    const retriever = createRetriever({ store: withholding, embedder, onTampered: 'skip' });
    const { chunks, report } = await retriever.search(own, QUESTION, { limit: 2 });
    expect(chunks).toEqual([]);
    expect(report.refusedByStore).toEqual({ ERR_RETRIEVER_RECORD_MISSING: 4 });
  });

  it('notices within a process that a document was put back to an older state', async () => {
    const { store, fresh } = await twoTenants();
    const retriever = fresh('throw');
    await retriever.ingest(own, [note('note-1', 'Metoprolol was stopped since the heart attack.')]);
    await retriever.search(own, QUESTION);
    store.behave('rollback');
    await expect(retriever.search(own, QUESTION)).rejects.toMatchObject({ detail: { stale: 1 } });
    const report = (await fresh().search(own, QUESTION)).report;
    expect(report).toMatchObject({ rollback: 'not detected', refusedByStore: {} });
  });
});

/** What a retriever without sealing would store and do: the control. */
async function naiveSearch(store: VectorStore, partition: string, question: string): Promise<readonly string[]> {
  const [query] = await embedder.embed([question]);
  const score = ({ vector }: StoredPoint): number =>
    new Float32Array(vector.slice().buffer).reduce((sum, value, index) => sum + value * (query?.[index] ?? 0), 0);
  const points = (await Array.fromAsync(store.scan({ partition, tags: ['11'.repeat(16)] }))).flat();
  return points.toSorted((left, right) => score(right) - score(left)).map(({ payload }) => fromUtf8(payload));
}

async function naiveIngest(store: VectorStore, partition: string, documents: readonly IngestDocument[]): Promise<void> {
  const vectors = await embedder.embed(documents.map(({ text }) => text));
  const points = documents.map(({ text }, index) => ({
    id: `${partition.slice(0, 16)}${String(index).padStart(16, '0')}`,
    partition,
    document: partition,
    tags: ['11'.repeat(16)],
    head: new Uint8Array(1),
    payload: utf8(text),
    vector: new Uint8Array(vectors[index]?.slice().buffer ?? []),
  }));
  await store.put(points);
}

describe('controls', () => {
  const [a, b] = ['aa'.repeat(16), 'bb'.repeat(16)] as const;

  it('a search that trusts the store leaks foreign texts through the same lie', async () => {
    const store = createHostileStore(newStore());
    await naiveIngest(store, a, notes);
    await naiveIngest(store, b, secrets);
    const leaks = async (): Promise<number> =>
      (await naiveSearch(store, a, QUESTION)).filter((text) => text.startsWith('St John')).length;
    expect(await leaks()).toBe(0);
    store.behave('ignore-filters');
    expect(await leaks()).toBe(secrets.length);
  });

  it('the foreign tenant itself finds its records in the same store', async () => {
    const { fresh } = await twoTenants();
    const { chunks } = await fresh().search(foreign, QUESTION, { limit: 50 });
    expect(chunks.map(({ document }) => document).toSorted()).toEqual(secrets.map(({ id }) => id).toSorted());
  });

  it('collections of one tenant share nothing', async () => {
    const { store } = await twoTenants();
    const other = createRetriever({ store, embedder, collection: 'other', onTampered: 'skip' });
    store.behave('ignore-filters');
    expect((await other.search(own, QUESTION)).chunks).toEqual([]);
  });
});

describe('capabilities', () => {
  it('refuses copies and casts, also when the arena is full', async () => {
    const { fresh } = await twoTenants();
    const retriever = fresh();
    await retriever.search(own, QUESTION);
    for (const forged of [{ ...own }, { principal: own.principal }, Object.create(own) as Tenant, {}, null]) {
      const refused = { code: 'ERR_TENANCY_NOT_A_TENANT' };
      await expect(retriever.search(forged as Tenant, QUESTION)).rejects.toMatchObject(refused);
      await expect(retriever.ingest(forged as Tenant, notes)).rejects.toMatchObject(refused);
      await expect(retriever.remove(forged as Tenant, ['note-1'])).rejects.toMatchObject(refused);
    }
  });
});
