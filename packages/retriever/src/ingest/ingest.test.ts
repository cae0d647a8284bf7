import type { Embedder, Ledger, VectorStore } from '@cloister/core';
import { createHostileStore } from '@cloister/simulator/hostile-store';
import { describe, expect, it } from 'vitest';
import { enter, newLedger, newStore, note, notes } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';
import type { IngestDocument, IngestProgress, IngestReceipt, Retriever } from '../index.ts';

const tenant = await enter();

interface Counting {
  readonly retriever: Retriever;
  readonly store: VectorStore;
  readonly embedded: string[];
}

/** A retriever that says what it embedded. */
function counting(store: VectorStore = newStore(), embedder: Embedder = hashingEmbedder()): Counting {
  const embedded: string[] = [];
  const spy: Embedder = {
    ...embedder,
    embed(texts, options) {
      embedded.push(...texts);
      return embedder.embed(texts, options);
    },
  };
  return { retriever: createRetriever({ store, embedder: spy }), store, embedded };
}

function expectSums(receipt: IngestReceipt, documents: number): void {
  expect(receipt.documents).toBe(documents);
  const { added, replaced, relabelled, repaired, skipped } = receipt;
  expect(added + replaced + relabelled + repaired + skipped).toBe(documents);
  expect(receipt.chunksWritten + receipt.chunksSkipped).toBe(receipt.chunks);
}

const long = (id: string, sentences: number, rest: Partial<IngestDocument> = {}): IngestDocument =>
  note(
    id,
    Array.from({ length: sentences }, (_, index) => `${id} says sentence ${index} of this long text. `).join(''),
    rest,
  );

async function storedPoints(store: VectorStore): Promise<number> {
  const { deriveCollectionKeys } = await import('../record/record-keys.ts');
  const { partition } = await deriveCollectionKeys(tenant, 'default');
  return (await Array.fromAsync(store.scan({ partition }))).flat().length;
}

describe('ingest', () => {
  it('embeds nothing the second time, also in another process over the same file', async () => {
    const { retriever, store, embedded } = counting();
    const first = await retriever.ingest(tenant, notes);
    expectSums(first, 5);
    expect(embedded).toHaveLength(5);
    const second = await retriever.ingest(tenant, notes);
    expect(second).toMatchObject({ skipped: 5, chunksWritten: 0, chunksSkipped: 5, bytes: 0 });
    const other = counting(store);
    expectSums(await other.retriever.ingest(tenant, notes), 5);
    expect(embedded).toHaveLength(5);
    expect(other.embedded).toEqual([]);
  });

  it('replaces a document when its text changes', async () => {
    const { retriever } = counting();
    await retriever.ingest(tenant, notes);
    await retriever.search(tenant, 'warm the arena');
    const changed = { ...(notes[0] as IngestDocument), text: 'A new text.' };
    expect(await retriever.ingest(tenant, [changed])).toMatchObject({ documents: 1, replaced: 1, chunksWritten: 1 });
    const { chunks } = await retriever.search(tenant, changed.text, { limit: 5 });
    expect(chunks).toHaveLength(5);
    expect(chunks[0]).toMatchObject({ document: 'note-1', text: 'A new text.' });
  });

  it.each<[string, Partial<IngestDocument>]>([
    ['label', { label: 'internal' }],
    ['groups', { acl: ['cardiology', 'nursing'] }],
  ])('embeds nothing when only the %s changes, and the change takes effect at once', async (_name, change) => {
    const { retriever, embedded } = counting();
    await retriever.ingest(tenant, notes);
    await retriever.search(tenant, 'warm the arena');
    const before = embedded.length;
    const changed = { ...(notes[0] as IngestDocument), ...change };
    const receipt = await retriever.ingest(tenant, [changed]);
    expect(receipt).toMatchObject({ documents: 1, relabelled: 1, chunksWritten: 1 });
    expect(embedded).toHaveLength(before);
    const { chunks } = await retriever.search(tenant, changed.text, { limit: 5 });
    expect(chunks).toHaveLength(5);
    expect(chunks[0]).toMatchObject({ document: 'note-1', text: changed.text, ...change });
  });

  it('does not care about order and repetition of groups', async () => {
    const { retriever } = counting();
    await retriever.ingest(tenant, [note('a', 'text', { acl: ['x', 'cardiology'] })]);
    const receipt = await retriever.ingest(tenant, [note('a', 'text', { acl: ['cardiology', 'x', 'x'] })]);
    expect(receipt.skipped).toBe(1);
  });

  it('leaves no orphan when a document grows, shrinks or is removed', async () => {
    const { retriever, store } = counting();
    for (const sentences of [40, 90, 10, 60]) {
      const receipt = await retriever.ingest(tenant, [long('note-9', sentences)]);
      expectSums(receipt, 1);
      expect(await storedPoints(store)).toBe(receipt.chunks);
      const { chunks, report } = await retriever.search(tenant, 'sentence', { limit: 50 });
      expect(chunks.map(({ chunk }) => chunk).toSorted((a, b) => a - b)).toEqual([...Array(receipt.chunks).keys()]);
      expect(report.refusedByStore).toEqual({});
    }
    expect(await retriever.remove(tenant, ['note-9', 'never-there'])).toMatchObject({ documents: 1 });
    expect(await storedPoints(store)).toBe(0);
    expect((await retriever.search(tenant, 'sentence')).chunks).toEqual([]);
  });

  it('removes many documents, each named once or twice, in two steps of the ledger', async () => {
    const [store, ledger] = [newStore(), newLedger()];
    const documents = Array.from({ length: 50 }, (_, index) => note(`n-${index}`, `Text number ${index}.`));
    const ids = documents.map(({ id }) => id);
    await createRetriever({ store, ledger, embedder: hashingEmbedder() }).ingest(tenant, [...documents, ...notes]);
    let steps = 0;
    const counted: Ledger = {
      read: (...query) => ledger.read(...query),
      advance: (...query) => (steps++, ledger.advance(...query)),
    };
    const retriever = createRetriever({ store, ledger: counted, embedder: hashingEmbedder() });
    const receipt = await retriever.remove(tenant, [...ids, 'n-0', 'never-there']);
    expect([receipt, steps]).toEqual([{ documents: 50, chunks: 50 }, 2]);
    const { chunks } = await retriever.search(tenant, 'text', { limit: 50 });
    expect(chunks.map(({ document }) => document).toSorted()).toEqual(notes.map(({ id }) => id));
  });

  it('gives label and groups to every chunk', async () => {
    const { retriever } = counting();
    await retriever.ingest(tenant, [long('note-9', 60, { label: 'confidential', acl: ['nursing', 'cardiology'] })]);
    const { chunks } = await retriever.search(tenant, 'sentence', { limit: 50 });
    expect(chunks.length).toBeGreaterThan(3);
    for (const chunk of chunks) expect(chunk).toMatchObject({ label: 'confidential', acl: ['cardiology', 'nursing'] });
  });

  it('reports progress that ends with everything', async () => {
    const { retriever } = counting();
    const documents = Array.from({ length: 150 }, (_, index) => note(`n-${index}`, `Text number ${index}.`));
    const events: IngestProgress[] = [];
    const receipt = await retriever.ingest(tenant, documents, { onProgress: (event) => void events.push(event) });
    expectSums(receipt, 150);
    expect(events.at(-1)).toEqual({ documents: 150, totalDocuments: 150, chunks: 150 });
    expect(events.length).toBeGreaterThan(1);
    expect(events.map(({ documents: done }) => done)).toEqual(
      events.map(({ documents: done }) => done).toSorted((left, right) => left - right),
    );
  });

  it('stops on a signal between batches and goes on from there', async () => {
    const { retriever, embedded } = counting();
    const documents = Array.from({ length: 200 }, (_, index) => note(`n-${index}`, `Text number ${index}.`));
    const controller = new AbortController();
    const stopped = retriever.ingest(tenant, documents, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    const before = embedded.length;
    expect(before).toBeLessThan(200);
    const receipt = await retriever.ingest(tenant, documents);
    expectSums(receipt, 200);
    expect(receipt).toMatchObject({ skipped: before, added: 200 - before });
  });

  it('repairs what was damaged, and only that', async () => {
    const store = createHostileStore(newStore());
    const { retriever } = counting(store);
    await retriever.ingest(tenant, [...notes, long('note-9', 40)]);
    store.behave('flip-bit');
    const receipt = await retriever.ingest(tenant, [...notes, long('note-9', 40)]);
    expectSums(receipt, 6);
    expect(receipt.skipped + receipt.repaired).toBe(6);
    expect(receipt.repaired).toBeGreaterThan(0);
    store.behave('honest');
    expect((await retriever.search(tenant, 'metoprolol')).report.refusedByStore).toEqual({});
  });

  it('writes again what a store forgot', async () => {
    const store = createHostileStore(newStore(), 'forget-writes');
    const { retriever } = counting(store);
    await retriever.ingest(tenant, notes);
    store.behave('honest');
    expect(await retriever.ingest(tenant, notes)).toMatchObject({ added: 5 });
  });

  it('fails when the store acknowledges less than it was given', async () => {
    const inner = newStore();
    const { retriever } = counting({ ...inner, put: async (points) => (await inner.put(points)) - 1 });
    await expect(retriever.ingest(tenant, notes)).rejects.toMatchObject({ code: 'ERR_RETRIEVER_STORE_LOST' });
  });

  it('keeps two concurrent ingestions of one document apart', async () => {
    const { retriever, store } = counting();
    const versions = [10, 80, 30, 60].map((sentences) => long('note-9', sentences));
    const receipts = await Promise.all(versions.map((version) => retriever.ingest(tenant, [version])));
    const { chunks } = await retriever.search(tenant, 'sentence', { limit: 50 });
    // Which of them came last is not said; one of them did, whole.
    expect(receipts.map((receipt) => receipt.chunks)).toContain(chunks.length);
    expect(await storedPoints(store)).toBe(chunks.length);
  });

  it.each<[string, unknown]>([
    ['no id', { text: 'a', label: 'public', acl: [] }],
    ['an empty id', note('', 'a')],
    ['a long id', note('x'.repeat(513), 'a')],
    ['a lone surrogate in the id', note('\ud800', 'a')],
    ['a lone surrogate in the text', note('a', '\udc00')],
    ['a huge text', note('a', 'x'.repeat(4 * 1024 * 1024 + 1))],
    ['another label', { ...note('a', 'b'), label: 'secret' }],
    ['too many groups', note('a', 'b', { acl: Array.from({ length: 257 }, (_, index) => `g${index}`) })],
    ['an empty group', note('a', 'b', { acl: [''] })],
    ['an unknown member', { ...note('a', 'b'), tenant: 'st-john' }],
    ['null', null],
  ])('refuses a document with %s before anything is written', async (_name, document) => {
    const { retriever, store } = counting();
    const refused = retriever.ingest(tenant, [...notes, document as IngestDocument]);
    await expect(refused).rejects.toMatchObject({ code: 'ERR_RETRIEVER_DOCUMENT', detail: { document: 5 } });
    expect(await storedPoints(store)).toBe(0);
  });

  it('refuses one document twice', async () => {
    const refused = counting().retriever.ingest(tenant, [...notes, notes[1] as IngestDocument]);
    await expect(refused).rejects.toMatchObject({
      code: 'ERR_RETRIEVER_DUPLICATE_DOCUMENT',
      detail: { document: 5 },
    });
  });

  it('refuses an embedder that breaks its word', async () => {
    const base = hashingEmbedder();
    const short: Embedder = { ...base, embed: async (texts) => texts.map(() => new Float32Array(3)) };
    const few: Embedder = { ...base, embed: async () => [] };
    const nan: Embedder = { ...base, embed: async (texts) => texts.map(() => new Float32Array(384).fill(Number.NaN)) };
    for (const embedder of [short, few, nan]) {
      const refused = counting(newStore(), embedder).retriever.ingest(tenant, notes);
      await expect(refused).rejects.toMatchObject({ code: 'ERR_RETRIEVER_EMBEDDER' });
    }
  });
});
