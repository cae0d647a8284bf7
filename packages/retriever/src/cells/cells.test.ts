import type { StoredPoint, StoreQuery, VectorStore } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.ts';
import type { MemoryStore } from '../../test/memory-store.ts';
import { enter, newLedger, newStore, note, notes, tenancy } from '../../test/world.ts';
import { createRetriever, fitCells, hashingEmbedder } from '../index.ts';
import type { IngestDocument, Retriever, RetrieverOptions } from '../index.ts';
import { openHead } from '../record/open-record.ts';
import { deriveCollectionKeys } from '../record/record-keys.ts';
import { BUCKET } from './plan-places.ts';

const embedder = hashingEmbedder();
const words = ['heart', 'wrist', 'dose', 'cast', 'vision', 'nurse', 'measles', 'monday', 'ice', 'baby', 'blood'];
/** Many about the first words, few about the last ones: cells of very different sizes. */
const texts = Array.from({ length: 300 }, (_, index) => {
  const topic = Math.floor(words.length * (index / 300) ** 3);
  return `${`${words[topic]} `.repeat(4)}${words[index % words.length]} ${index}`;
});
const sample = await embedder.embed(texts);
const cellBasis = fitCells(sample, { cells: 8 });
const documents = texts.map((text, index) => note(`note-${index}`, text));
const tenant = await enter();

function retrieverOver(store: VectorStore, options: Partial<RetrieverOptions> = {}): Retriever {
  return createRetriever({ store, embedder, mode: 'cells', cellBasis, ledger: newLedger(), cellProbes: 2, ...options });
}

const found = async (retriever: Retriever, question: string, limit = 5): Promise<readonly string[]> =>
  (await retriever.search(tenant, question, { limit })).chunks.map(({ document }) => document);

/** How many records carry each blind tag of a bucket, fewest first. */
function sizes(store: MemoryStore): readonly number[] {
  const counts = new Map<string, number>();
  for (const { cell = 'none' } of store.snapshot()) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return [...counts.values()].toSorted((left, right) => left - right);
}

/** The tag of those that wait is the one whose number is no bucket's. */
function expectFlat(store: MemoryStore, cells = 8): void {
  const counts = sizes(store).filter((size) => size !== BUCKET);
  expect(counts.length).toBeLessThanOrEqual(1);
  expect(counts[0] ?? 0).toBeLessThanOrEqual(cells * (BUCKET - 1));
}

describe('fitCells', () => {
  it('gives the same centres every time, which fit better than some of the sample', () => {
    expect(fitCells(sample, { cells: 8 })).toEqual(cellBasis);
    const misfit = ({ centres, dimensions }: typeof cellBasis): number =>
      sample.reduce((sum, vector) => {
        const squares = Array.from({ length: 8 }, (_, cell) =>
          vector.reduce((total, value, i) => total + (value - (centres[cell * dimensions + i] as number)) ** 2, 0),
        );
        return sum + Math.min(...squares);
      }, 0);
    const first = Float32Array.from(sample.slice(0, 8).flatMap((vector) => [...vector]));
    expect(misfit(cellBasis)).toBeLessThan(0.8 * misfit({ ...cellBasis, centres: first }));
  });

  it('refuses a sample that is too small or of several lengths', () => {
    for (const [bad, cells] of [
      [[], 2],
      [sample.slice(0, 7), 8],
      [[...sample, new Float32Array(3)], 8],
      [sample, 0],
    ] as const) {
      expect(() => fitCells(bad, { cells })).toThrow(expect.objectContaining({ code: 'ERR_RETRIEVER_OPTIONS' }));
    }
  });
});

describe('the mode cells', () => {
  it('finds what the mode sealed finds when every cell is opened, and opens few records when few are', async () => {
    const store = memoryStore();
    const ledger = newLedger();
    const all = retrieverOver(store, { ledger, cellProbes: 8 });
    await all.ingest(tenant, documents);
    const few = retrieverOver(store, { ledger });
    const exact = createRetriever({ store: memoryStore(), embedder });
    await exact.ingest(tenant, documents);
    for (const question of ['the heart of the baby', 'ice on monday', 'a cast for the wrist']) {
      const scores = async (from: Retriever): Promise<readonly number[]> =>
        (await from.search(tenant, question, { limit: 9 })).chunks.map(({ score }) => score);
      expect(await scores(all)).toEqual(await scores(exact));
    }
    const { report } = await few.search(tenant, 'measles measles measles');
    expect(report.scanned).toBeLessThan(200);
    expect(report.rollback).toBe('checked');
    expect((await found(few, 'measles measles measles', 1))[0]).toMatch(/^note-2/);
  });

  it('gives one answer, whatever others asked before', async () => {
    const [store, ledger] = [memoryStore(), newLedger()];
    const warm = retrieverOver(store, { ledger, cellProbes: 1 });
    await warm.ingest(tenant, documents);
    for (const word of words) await found(warm, word);
    for (const word of words) {
      expect(await found(warm, word, 50)).toEqual(
        await found(retrieverOver(store, { ledger, cellProbes: 1 }), word, 50),
      );
    }
  });

  it('asks the store for buckets of the nearest cells alone, and knows what a store without them sends too much', async () => {
    const asked: StoreQuery[] = [];
    const [held, ledger] = [memoryStore(), newLedger()];
    const scan: VectorStore['scan'] = (query) => (asked.push(query), held.scan(query));
    const retriever = retrieverOver({ ...held, scan }, { ledger });
    await retriever.ingest(tenant, documents);
    const first = await found(retriever, 'blood');
    const tags = new Set(held.snapshot().map(({ cell }) => cell));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.cells?.length).toBeLessThan(tags.size);
    expect(asked[0]?.cells?.every((cell) => tags.has(cell))).toBe(true);
    await found(retriever, 'blood');
    expect(asked).toHaveLength(1);
    const simple = { ...held, scan: ({ cells: _cells, ...query }: StoreQuery) => held.scan(query) };
    const { chunks, report } = await retrieverOver(simple, { ledger }).search(tenant, 'blood', { limit: 5 });
    expect(chunks.map(({ document }) => document)).toEqual(first);
    expect(report.scanned).toBe((await retriever.search(tenant, 'blood')).report.scanned);
  });

  it('works over SQLite, which looks buckets up', async () => {
    const [sqlite, memory] = [newStore(), memoryStore()];
    const [one, two] = [retrieverOver(sqlite), retrieverOver(memory)];
    for (const retriever of [one, two]) await retriever.ingest(tenant, documents);
    for (const word of words) {
      expect((await found(one, word, 9)).length).toBe(9);
      expect(await found(one, word, 9)).toEqual(await found(two, word, 9));
    }
  });

  it('shows what is new, changed, relabelled and rotated to the next question', async () => {
    const [store, ledger] = [memoryStore(), newLedger()];
    const [writer, reader] = [retrieverOver(store, { ledger }), retrieverOver(store, { ledger })];
    await writer.ingest(tenant, documents);
    const best = async (question: string): Promise<readonly unknown[]> =>
      Promise.all([writer, reader].map(async (retriever) => (await found(retriever, question, 1))[0]));
    await best('metoprolol');
    await writer.ingest(
      tenant,
      notes.map((one) => ({ ...one, id: `late-${one.id}` })),
    );
    expect(await best('Who takes metoprolol?')).toEqual(['late-note-1', 'late-note-1']);
    await writer.ingest(tenant, [note('note-7', 'Who takes metoprolol? Nobody takes metoprolol.')]);
    expect(await best('Who takes metoprolol?')).toEqual(['note-7', 'note-7']);
    await writer.relabel(tenant, [{ id: 'note-7', label: 'restricted', acl: ['nursing'] }]);
    expect(await best('Who takes metoprolol?')).toEqual(['late-note-1', 'late-note-1']);
    await tenancy.rotate(tenant);
    expect(await writer.rotate(tenant)).toMatchObject({ records: 305, resealed: 305 });
    expect(await best('Who takes metoprolol?')).toEqual(['late-note-1', 'late-note-1']);
    await writer.remove(tenant, ['late-note-1']);
    expect(await best('Who takes metoprolol?')).not.toContain('late-note-1');
    expectFlat(store);
  });

  it('opens more cells than fit into memory by forgetting those that were asked for longest ago', async () => {
    const [store, ledger] = [memoryStore(), newLedger()];
    await retrieverOver(store, { ledger }).ingest(tenant, documents);
    const options = { ledger, cellProbes: 1, maxArenaBytes: 4 * 384 * 260 };
    const small = retrieverOver(store, options);
    for (const word of [...words, ...words]) {
      expect(await found(small, word)).toEqual(await found(retrieverOver(store, { ledger, cellProbes: 1 }), word));
    }
    const tiny = retrieverOver(store, { ...options, maxArenaBytes: 4 * 384 * 20 });
    await expect(tiny.search(tenant, 'heart')).rejects.toMatchObject({ code: 'ERR_RETRIEVER_TOO_LARGE' });
  });

  it('ranks by words as the mode sealed does when every cell is opened, else by those of the opened cells', async () => {
    const [store, ledger] = [memoryStore(), newLedger()];
    const hybrid = (options: Partial<RetrieverOptions>): Retriever =>
      retrieverOver(store, { ledger, ranking: 'hybrid', ...options });
    const exact = createRetriever({ store: memoryStore(), embedder, ranking: 'hybrid' });
    for (const retriever of [hybrid({}), exact]) await retriever.ingest(tenant, documents);
    const scores = async (from: Retriever, question: string): Promise<readonly number[]> =>
      (await from.search(tenant, question, { limit: 9 })).chunks.map(({ score }) => score);
    const [all, warm] = [hybrid({ cellProbes: 8 }), hybrid({ cellProbes: 1 })];
    const small = hybrid({ cellProbes: 1, maxArenaBytes: 300_000 });
    for (const word of [...words, ...words]) {
      const question = `${word} and the nurse`;
      expect(await scores(all, question)).toEqual(await scores(exact, question));
      const alone = await found(hybrid({ cellProbes: 1 }), question, 9);
      expect([await found(warm, question, 9), await found(small, question, 9)]).toEqual([alone, alone]);
    }
    // The control: fewer cells are another ranking.
    expect(await scores(warm, 'heart and ice')).not.toEqual(await scores(all, 'heart and ice'));
  });

  it('needs centres of the right length, a ledger, and as many cells as it opens', () => {
    const code = (value: string): unknown => expect.objectContaining({ code: 'ERR_RETRIEVER_OPTIONS', subject: value });
    const store = memoryStore();
    expect(() => createRetriever({ store, embedder, mode: 'cells', cellBasis })).toThrow(code('ledger'));
    expect(() => createRetriever({ store, embedder, mode: 'cells', ledger: newLedger() })).toThrow(code('cellBasis'));
    expect(() => createRetriever({ store, embedder, cellBasis })).toThrow(code('cellBasis'));
    expect(() => retrieverOver(store, { cellBasis: { ...cellBasis, dimensions: 383 } })).toThrow(code('cellBasis'));
    for (const cellProbes of [0, 9, 1.5])
      expect(() => retrieverOver(store, { cellProbes })).toThrow(code('cellProbes'));
  });
});

describe('what buckets tell', () => {
  const skewed = documents;
  const even = texts.map((_, index) => note(`note-${index}`, `${`${words[index % 11]} `.repeat(4)}${index}`));

  it('is nothing by their sizes: each holds 16 records, after any writes', async () => {
    const store = memoryStore();
    const retriever = retrieverOver(store);
    let state = 7;
    const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    await retriever.ingest(tenant, skewed);
    expectFlat(store);
    for (let turn = 0; turn < 12; turn++) {
      const some = Array.from({ length: 1 + random(20) }, () => `note-${random(300)}`);
      const changed = [...new Set(some)].map((id) => note(id, `${words[random(11)]} ${words[random(11)]} ${turn}`));
      if (turn % 3 === 0) await retriever.remove(tenant, some);
      else await retriever.ingest(tenant, changed);
      expectFlat(store);
    }
  });

  it('would differ by corpus if a tag named a cell (control)', async () => {
    const histogram = async (given: readonly IngestDocument[]): Promise<readonly number[]> => {
      const [store, ledger] = [memoryStore(), newLedger()];
      await retrieverOver(store, { ledger }).ingest(tenant, given);
      expectFlat(store);
      const keys = await deriveCollectionKeys(tenant, 'default', 'cells');
      const cells = new Map<string, number>();
      for (const point of store.snapshot()) {
        const opened = openHead(keys, point);
        const [cell = ''] = typeof opened === 'string' ? [] : opened.head.cells;
        cells.set(cell, (cells.get(cell) ?? 0) + 1);
      }
      return [...cells.values()].toSorted((left, right) => right - left);
    };
    const [one, other] = [await histogram(skewed), await histogram(even)];
    const [large, small] = [one[0] ?? 0, other[0] ?? 0].toSorted((left, right) => right - left);
    expect(large).toBeGreaterThan(1.5 * (small as number));
  });
});

describe('a store that lies about cells', () => {
  const ingested = async (): Promise<{ store: MemoryStore; open: (lie: VectorStore) => Retriever }> => {
    const [store, ledger] = [memoryStore(), newLedger()];
    await retrieverOver(store, { ledger }).ingest(tenant, documents);
    return { store, open: (lie) => retrieverOver(lie, { ledger }) };
  };
  const lying = (store: VectorStore, lie: (points: readonly StoredPoint[]) => readonly StoredPoint[]): VectorStore => ({
    ...store,
    async *scan(query) {
      for await (const points of store.scan(query)) yield lie(points);
    },
  });

  it('is found out when it leaves a record of a probed cell out, and when it gives an old one', async () => {
    const { store, open } = await ingested();
    const missing = open(lying(store, (points) => points.slice(1)));
    await expect(missing.search(tenant, 'heart')).rejects.toMatchObject({ code: 'ERR_RETRIEVER_TAMPERED' });
    const before = store.snapshot();
    await open(store).relabel(tenant, [{ id: 'note-3', label: 'restricted', acl: ['nursing'] }]);
    store.restore(before);
    await expect(open(store).search(tenant, 'heart')).rejects.toMatchObject({ detail: { stale: 1 } });
  });

  it('changes nothing by other tags of buckets but what it cannot leave out unseen', async () => {
    const { store, open } = await ingested();
    store.restore(store.snapshot().map((point) => ({ ...point, cell: 'f'.repeat(32) })));
    await expect(open(store).search(tenant, 'heart')).rejects.toMatchObject({ code: 'ERR_RETRIEVER_TAMPERED' });
  });

  it('does not stop a write: what had to move with it waits', async () => {
    const { store, open } = await ingested();
    store.restore(store.snapshot().filter((_, index) => index % 2 === 0));
    const receipt = await open(store).ingest(
      tenant,
      documents.slice(0, 40).map((one) => ({ ...one, id: `${one.id}b` })),
    );
    expect(receipt.added).toBe(40);
  });
});
