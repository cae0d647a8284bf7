import { systemRandom } from '@cloister/core';
import type { Ledger, StoredPoint, Tenant, VectorStore } from '@cloister/core';
import { createTenancy, localBroker } from '@cloister/tenancy';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.ts';
import { enter, newFile, newLedger, note, principal } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';
import type { IngestDocument, RetrievedChunk, Retriever } from '../index.ts';

const embedder = hashingEmbedder();
const tenant = await enter({ groups: ['cardiology', 'nursing'] });
const long = (id: string, sentences: number): IngestDocument =>
  note(id, Array.from({ length: sentences }, (_, index) => `${id} says sentence ${index} of ${sentences}. `).join(''));

const before = [
  long('grows', 10),
  long('shrinks', 60),
  note('relabelled', 'A note.'),
  long('stays', 30),
  note('goes', 'x'),
];
const after = [
  long('grows', 70),
  long('shrinks', 10),
  note('relabelled', 'A note.', { acl: ['nursing'] }),
  long('new', 20),
];

/** How the process dies: before its n-th step takes effect, after it, or with half of a write stored. */
type Death = 'before' | 'after' | 'torn';

class Killed extends Error {}

/** Store and ledger of a process that dies at step `at`; nothing works for it from then on. */
function mortal(store: VectorStore, ledger: Ledger, at: number, death: Death) {
  let step = 0;
  async function go<Result>(work: () => Promise<Result>, half?: () => Promise<unknown>): Promise<Result> {
    step++;
    if (step > at || (step === at && death === 'before')) throw new Killed();
    if (step < at) return work();
    await (death === 'torn' && half !== undefined ? half() : work());
    throw new Killed();
  }
  const half = (points: readonly StoredPoint[]): readonly StoredPoint[] =>
    points.slice(0, Math.ceil(points.length / 2));
  const mortalStore: VectorStore = {
    ...store,
    get: (partition, ids) => (step >= at ? Promise.reject(new Killed()) : store.get(partition, ids)),
    put: (points) =>
      go(
        () => store.put(points),
        () => store.put(half(points)),
      ),
    deleteDocument: (...query) => go(() => store.deleteDocument(...query)),
  };
  const mortalLedger: Ledger = {
    read: (...query) => (step >= at ? Promise.reject(new Killed()) : ledger.read(...query)),
    advance: (...query) => go(() => ledger.advance(...query)),
  };
  return { store: mortalStore, ledger: mortalLedger, survived: () => step < at };
}

function texts(chunks: readonly RetrievedChunk[]): ReadonlyMap<string, string> {
  const documents = Map.groupBy(chunks, ({ document }) => document);
  const ordered = (list: readonly RetrievedChunk[]): string =>
    list
      .toSorted((left, right) => left.chunk - right.chunk)
      .map(({ text }) => text)
      .join('');
  return new Map([...documents].map(([id, list]) => [id, ordered(list)]));
}

async function find(retriever: Retriever): Promise<ReadonlyMap<string, string>> {
  return texts((await retriever.search(tenant, 'sentence', { limit: 200 })).chunks);
}

const textsOf = (documents: readonly IngestDocument[]): ReadonlyMap<string, string> =>
  new Map(documents.map(({ id, text }) => [id, text]));

async function change(retriever: Retriever): Promise<void> {
  await retriever.ingest(tenant, after);
  await retriever.remove(tenant, ['goes']);
}

describe.each<Death>(['before', 'after', 'torn'])('a process that dies %s a step of a write', (death) => {
  it('loses nothing that was acknowledged and leaves no half document, wherever it dies', async () => {
    const [stored, end] = [textsOf(before), new Map([...textsOf(before), ...textsOf(after)])];
    end.delete('goes');
    for (let at = 1, survived = false; !survived; at++) {
      const [store, ledger] = [memoryStore(), newLedger()];
      await createRetriever({ store, ledger, embedder }).ingest(tenant, before);
      const process = mortal(store, ledger, at, death);
      const retriever = createRetriever({ store: process.store, ledger: process.ledger, embedder });
      await change(retriever).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      survived = process.survived();
      const fresh = (): Retriever => createRetriever({ store, ledger, embedder });
      if (death !== 'torn') {
        const found = await find(fresh());
        for (const [id, text] of found) expect([stored.get(id), end.get(id)]).toContain(text);
        for (const id of stored.keys()) if (end.has(id)) expect(found.has(id)).toBe(true);
      }
      const skipping = createRetriever({ store, ledger, embedder, onTampered: 'skip' });
      for (const [id, text] of await find(skipping)) expect([stored.get(id), end.get(id)]).toContain(text);
      await change(fresh());
      expect(await find(fresh())).toEqual(end);
      expect(new Set(store.snapshot().map(({ document }) => document)).size).toBe(end.size);
    }
  }, 120_000);
});

describe('a process that dies during a rotation', () => {
  it.each<Death>(['before', 'after', 'torn'])(
    'leaves everything readable, and the next one ends it (%s)',
    async (death) => {
      const tenancy = createTenancy({ broker: localBroker(newFile(), { key: systemRandom(32) }) });
      const own: Tenant = await tenancy.tenant(principal());
      const [store, ledger] = [memoryStore(), newLedger()];
      const fresh = (): Retriever => createRetriever({ store, ledger, embedder });
      const found = async (): Promise<ReadonlyMap<string, string>> =>
        texts((await fresh().search(own, 'sentence', { limit: 200 })).chunks);
      await fresh().ingest(own, before);
      const ids = store.snapshot().map(({ id }) => id);
      for (let at = 1, survived = false; !survived; at++) {
        const versions = await tenancy.rotate(own);
        const process = mortal(store, ledger, at, death);
        const dying = createRetriever({ store: process.store, ledger: process.ledger, embedder }).rotate(own);
        await dying.catch(() => {});
        survived = process.survived();
        expect(await found()).toEqual(textsOf(before));
        expect(await fresh().rotate(own)).toMatchObject({ records: ids.length });
        expect(await fresh().rotate(own)).toMatchObject({ resealed: 0 });
        await tenancy.retire(own, versions[1]?.version ?? 0);
        expect(await found()).toEqual(textsOf(before));
      }
      expect(store.snapshot().map(({ id }) => id)).toEqual(ids);
      await tenancy.close();
    },
  );
});
