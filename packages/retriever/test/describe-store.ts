import { utf8 } from '@cloister/core';
import type { StoredPoint, VectorStore } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { createRetriever, hashingEmbedder } from '../src/index.ts';
import { enter, newLedger, note, notes } from './world.ts';

const name = (digit: string): string => digit.repeat(32);
const [A, B] = [name('a'), name('b')] as const;

function point(id: string, changes: Partial<StoredPoint> = {}): StoredPoint {
  const sealed = { head: utf8(`head ${id}`), payload: utf8(`payload ${id}`), vector: utf8(`vector ${id}`) };
  const names = { partition: A, document: name('d'), tags: [name('1'), name('2')] };
  return { id: id.padStart(32, '0'), ...names, ...sealed, ...changes };
}

/** Points as plain data in the order of their ids, whatever kind of byte array holds them. */
const bare = (points: readonly StoredPoint[]): unknown =>
  points
    .map(({ head, payload, vector, ...rest }) => ({ ...rest, bytes: [head, payload, vector].map(String) }))
    .toSorted((left, right) => (left.id < right.id ? -1 : 1));

const scan = async (store: VectorStore, tags?: readonly string[]): Promise<readonly StoredPoint[]> =>
  (await Array.fromAsync(store.scan({ partition: A, ...(tags === undefined ? {} : { tags }) }))).flat();

/** The last digits of the ids in the partition, in order. */
const digits = async (store: VectorStore): Promise<string> => {
  const all = (await scan(store)).map(({ id }) => id.slice(-1));
  return all.toSorted((left, right) => left.localeCompare(right)).join('');
};

/** What every store must do. @param create gives an empty store, which the tests close */
export function describeStore(title: string, create: () => Promise<VectorStore>): void {
  describe(`${title}: the five methods`, () => {
    it('replaces by id, and filters by partition and tags', async () => {
      const store = await create();
      const points = [point('1'), point('2', { tags: [name('3')] }), point('3', { tags: [] })];
      expect(await store.put([...points, point('4', { partition: B })])).toBe(4);
      expect(await store.put([point('1', { payload: utf8('new'), tags: [name('3')] })])).toBe(1);
      const expected = [point('1', { payload: utf8('new'), tags: [name('3')] }), ...points.slice(1)];
      expect(bare(await scan(store))).toEqual(bare(expected));
      expect(bare(await scan(store, [name('3'), name('9')]))).toEqual(bare(expected.slice(0, 2)));
      expect(await scan(store, [name('1')])).toEqual([]);
      expect(await scan(store, [])).toEqual([]);
      expect(bare(await store.get(A, [point('3').id, point('4').id, name('f')]))).toEqual(bare(expected.slice(2)));
      expect([await store.get(A, []), await store.put([])]).toEqual([[], 0]);
      await store.close();
    });

    it('streams more than a batch, each point once, also for more tags than one condition takes', async () => {
      const store = await create();
      const tag = (index: number): string => index.toString(16).padStart(32, '0');
      const points = Array.from({ length: 700 }, (_, index) => point(String(index), { tags: [tag(index), tag(1)] }));
      expect(await store.put(points)).toBe(700);
      for (const tags of [[tag(1)], Array.from({ length: 1500 }, (_, index) => tag(index))]) {
        const found = await scan(store, tags);
        expect([found.length, new Set(found.map(({ id }) => id)).size]).toEqual([700, 700]);
      }
      expect(
        await store.get(
          A,
          points.map(({ id }) => id),
        ),
      ).toHaveLength(700);
      await store.close();
    });

    describeRemoval(create);

    it('refuses once it is closed', async () => {
      const store = await create();
      await store.close();
      await store.close();
      await expect(store.put([point('1')])).rejects.toMatchObject({ code: 'ERR_RETRIEVER_STORE_CLOSED' });
      await expect(scan(store)).rejects.toMatchObject({ code: 'ERR_RETRIEVER_STORE_CLOSED' });
    });
  });

  describe(`${title}: a retriever over it`, () => {
    it('ingests, finds, relabels, replaces and removes, with a ledger', async () => {
      const store = await create();
      const tenant = await enter();
      const retriever = createRetriever({ store, embedder: hashingEmbedder(), ledger: newLedger() });
      const find = async (question: string): Promise<string | undefined> =>
        (await retriever.search(tenant, question, { limit: 1 })).chunks[0]?.document;
      expect(await retriever.ingest(tenant, notes)).toMatchObject({ added: 5 });
      expect(await retriever.ingest(tenant, notes)).toMatchObject({ skipped: 5 });
      expect(await find('Who takes metoprolol?')).toBe('note-1');
      const long = `A fracture of the wrist. ${'It heals well and without pain. '.repeat(60)}`;
      expect((await retriever.ingest(tenant, [note('note-2', long)])).chunksWritten).toBeGreaterThan(2);
      expect(await retriever.ingest(tenant, [note('note-2', 'The wrist has healed.')])).toMatchObject({ replaced: 1 });
      expect(await find('a broken wrist')).toBe('note-2');
      await retriever.relabel(tenant, [{ id: 'note-2', label: 'restricted', acl: ['nursing'] }]);
      expect(await find('a broken wrist')).not.toBe('note-2');
      expect(await retriever.remove(tenant, ['note-1'])).toEqual({ documents: 1, chunks: 1 });
      expect(await find('Who takes metoprolol?')).not.toBe('note-1');
      const { report } = await retriever.search(tenant, 'anything');
      expect(report).toMatchObject({ scanned: 3, refusedByStore: {}, rollback: 'checked' });
      await store.close();
    });
  });
}

function describeRemoval(create: () => Promise<VectorStore>): void {
  it('removes a document of one partition, but what is to be kept', async () => {
    const store = await create();
    const others = [point('4', { document: name('e') }), point('5', { partition: B })];
    await store.put([point('1'), point('2'), point('3'), ...others]);
    expect(await store.deleteDocument(A, name('d'), [point('2').id, point('5').id])).toBe(2);
    expect((await scan(store)).map(({ id }) => id).toSorted()).toEqual([point('2').id, point('4').id]);
    expect(await store.deleteDocument(A, name('d'))).toBe(1);
    expect(await store.deleteDocument(A, name('d'))).toBe(0);
    expect(await store.get(B, [point('5').id])).toHaveLength(1);
    await store.close();
  });

  it('removes several documents at once, and says of each how many', async () => {
    const store = await create();
    const of = (letter: string, ...ids: readonly string[]): readonly StoredPoint[] =>
      ids.map((digit) => point(digit, { document: name(letter) }));
    const elsewhere = point('8', { document: name('a'), partition: B });
    await store.put([...of('a', '1', '2', '3'), ...of('b', '4'), ...of('c', '5', '6'), ...of('e', '7'), elsewhere]);
    const kept = { a: [point('2').id], b: [], c: [point('5').id, point('6').id], f: [] };
    const removals = Object.entries(kept).map(([letter, ids]) => store.deleteDocument(A, name(letter), ids));
    expect(await Promise.all([...removals, store.deleteDocument(B, name('a'))])).toEqual([2, 1, 0, 0, 1]);
    expect(await digits(store)).toBe('2567');
    expect(await Promise.all([1, 2].map(() => store.deleteDocument(A, name('c'))))).toContain(2);
    expect(await digits(store)).toBe('27');
    await store.close();
  });
}
