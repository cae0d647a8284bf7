import { sha256, toHex, utf8, type StoredPoint, type VectorStore } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { HOSTILE_BEHAVIOURS, type HostileBehaviour } from './behaviours.ts';
import { createHostileStore, type HostileStore } from './create-hostile-store.ts';

const name = (text: string): string => toHex(sha256(utf8(text))).slice(0, 32);

function point(partition: string, text: string, tag: string, version = 1): StoredPoint {
  const field = (kind: string): Uint8Array => utf8(`${kind} ${partition} ${text} v${version}`);
  return {
    id: name(`${partition} ${text}`),
    partition,
    document: name(`document ${text}`),
    tags: [tag],
    head: field('head'),
    payload: field('payload'),
    vector: field('vector'),
  };
}

/** An honest store in memory, in order of insertion. */
function memoryStore(): VectorStore {
  const points = new Map<string, StoredPoint>();
  return {
    async put(given) {
      for (const one of given) points.set(one.id, one);
      return given.length;
    },
    get: async (partition, ids) =>
      [...points.values()].filter((one) => one.partition === partition && ids.includes(one.id)),
    async *scan({ partition, tags }) {
      yield [...points.values()].filter(
        (one) => one.partition === partition && (tags === undefined || tags.some((tag) => one.tags.includes(tag))),
      );
    },
    async deleteDocument(partition, document) {
      const gone = [...points.values()].filter((one) => one.partition === partition && one.document === document);
      return gone.filter((one) => points.delete(one.id)).length;
    },
    close: async () => {},
  };
}

const A = name('partition a');
const B = name('partition b');
const [x, y] = [name('tag x'), name('tag y')];
const own = [point(A, 'one', x), point(A, 'two', x), point(A, 'three', x)];
const hidden = point(A, 'four', y);
const foreign = point(B, 'five', x);

async function filled(behaviour: HostileBehaviour): Promise<HostileStore> {
  const store = createHostileStore(memoryStore());
  await store.put([...own, hidden, foreign]);
  store.behave(behaviour);
  return store;
}

const scan = async (store: VectorStore): Promise<StoredPoint[]> =>
  (await Array.fromAsync(store.scan({ partition: A, tags: [x] }))).flat();

const CONFIRMED = ['forget-writes', 'keep-deleted', 'contradictory-counts'];

const EXPECTED: Partial<Record<HostileBehaviour, (answer: StoredPoint[]) => void>> = {
  'ignore-filters': (answer) => expect(answer).toEqual([...own, hidden, foreign]),
  'edit-tags': (answer) => expect(answer).toEqual([...own, { ...hidden, tags: [x] }]),
  'foreign-records': (answer) => expect(answer).toEqual([...own, { ...foreign, partition: A }]),
  'extra-hits': (answer) => expect(answer).toEqual([...own, hidden]),
  'forge-labels': (answer) => {
    expect(answer.map(({ id }) => id)).toEqual(own.map(({ id }) => id));
    for (const { head } of answer) expect(new TextDecoder().decode(head)).toMatch(/^\{"label":/);
  },
  slow: (answer) => expect(answer).toEqual(own),
  'swap-ids': (answer) => expect(answer.map(({ id }) => id)).toEqual([own[2]?.id, own[0]?.id, own[1]?.id]),
  'swap-heads': (answer) => expect(answer.map(({ head }) => head)).toEqual([own[2]?.head, own[0]?.head, own[1]?.head]),
  'swap-payloads': (answer) =>
    expect(answer.map(({ payload }) => payload)).toEqual([own[2]?.payload, own[0]?.payload, own[1]?.payload]),
  'swap-vectors': (answer) =>
    expect(answer.map(({ vector }) => vector)).toEqual([own[2]?.vector, own[0]?.vector, own[1]?.vector]),
  'flip-bit': (answer) => {
    const changed = answer.map((one, index) =>
      (['head', 'payload', 'vector'] as const).filter(
        (field) => toHex(one[field]) !== toHex(own[index]?.[field] ?? utf8('')),
      ),
    );
    expect(changed).toEqual([['head'], ['payload'], ['vector']]);
  },
  truncate: (answer) => expect(answer[0]?.payload.length).toBe((own[0]?.payload.length ?? 0) - 1),
  empty: (answer) =>
    expect(answer.every(({ head, payload, vector }) => head.length + payload.length + vector.length === 0)).toBe(true),
  drop: (answer) => expect(answer).toEqual([own[1]]),
  duplicate: (answer) => expect(answer).toEqual(own.flatMap((one) => [one, one])),
  reorder: (answer) => expect(answer).toEqual(own.toReversed()),
};

describe('createHostileStore', () => {
  it('is honest unless told otherwise', async () => {
    const store = await filled('honest');
    expect(await scan(store)).toEqual(own);
    expect(await store.get(A, [own[1]?.id ?? '', foreign.id])).toEqual([own[1]]);
    expect(await store.deleteDocument(A, own[0]?.document ?? '')).toBe(1);
    expect(await scan(store)).toEqual(own.slice(1));
    await store.close();
  });

  it.each(Object.entries(EXPECTED))('%s', async (behaviour, check) => {
    const store = await filled(behaviour as HostileBehaviour);
    check(await scan(store));
    // The control: the same store told to be honest still holds what it was given.
    store.behave('honest');
    expect(await scan(store)).toEqual(own);
  });

  it('rolls back to the first version', async () => {
    const store = await filled('rollback');
    const [first] = own;
    await store.put([point(A, 'one', x, 2)]);
    expect((await scan(store))[0]).toEqual(first);
    store.behave('honest');
    expect((await scan(store))[0]).toEqual(point(A, 'one', x, 2));
  });

  it('confirms what it does not do', async () => {
    const store = await filled('forget-writes');
    expect(await store.put([point(A, 'six', x)])).toBe(1);
    store.behave('keep-deleted');
    expect(await store.deleteDocument(A, own[0]?.document ?? '')).toBe(1);
    expect(await scan(store)).toEqual(own);
    store.behave('contradictory-counts');
    expect(await store.put([point(A, 'six', x)])).toBe(0);
    expect(await store.deleteDocument(A, point(A, 'six', x).document)).toBe(2);
    expect(await scan(store)).toEqual(own);
  });

  it('answers with the answer before', async () => {
    const store = await filled('honest');
    const other = await store.get(B, [foreign.id]);
    store.behave('replay');
    expect(await scan(store)).toEqual(other);
    expect(await store.get(B, [foreign.id])).toEqual(own);
  });

  it('lies about what is nearest as well, where the store behind finds it', async () => {
    const nearest = async (): Promise<readonly StoredPoint[]> => own;
    const store = createHostileStore({ ...memoryStore(), nearest }, 'duplicate');
    const prefix = new Float32Array(1);
    expect(await store.nearest?.({ partition: A, prefix, limit: 3 })).toHaveLength(6);
    expect('nearest' in createHostileStore(memoryStore())).toBe(false);
  });

  it('lies about single points too, and knows every behaviour it lists', async () => {
    const store = await filled('swap-payloads');
    expect((await store.get(A, [own[0]?.id ?? '']))[0]?.payload).toEqual(own[1]?.payload);
    const tested = [...Object.keys(EXPECTED), 'honest', 'rollback', 'replay', ...CONFIRMED];
    expect(tested.toSorted()).toEqual(Object.keys(HOSTILE_BEHAVIOURS).toSorted());
  });
});
