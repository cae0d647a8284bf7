import type { NearestQuery, StoredPoint, VectorStore } from '@cloister/core';
import { createHostileStore, HOSTILE_BEHAVIOURS as LIES } from '@cloister/simulator/hostile-store';
import { startQdrantStandIn } from '@cloister/simulator/qdrant';
import { afterAll, describe, expect, it } from 'vitest';
import { enter, newLedger, note } from '../../test/world.ts';
import { createRetriever, fitPrefixBasis, hashingEmbedder } from '../index.ts';
import type { RetrievedChunk, Retriever, RetrieverOptions } from '../index.ts';
import { qdrantStore } from '../qdrant/index.ts';

const server = await startQdrantStandIn();
afterAll(() => server.close());
const embedder = hashingEmbedder();
const words = ['heart', 'wrist', 'dose', 'cast', 'vision', 'nurse', 'measles', 'monday', 'ice', 'baby', 'blood'];
const texts = Array.from({ length: 150 }, (_, index) =>
  [1, 3, 7, 11].map((step) => words[(index * step + (index >> 2)) % words.length]).join(' '),
);
const documents = texts.map((text, index) =>
  note(`n-${index}`, text, { acl: [index % 3 === 0 ? 'nursing' : 'cardiology'] }),
);
const prefixBasis = fitPrefixBasis(await embedder.embed(texts));
const staff = { groups: ['cardiology', 'nursing'] };

const HOSTILE_BEHAVIOURS = Object.keys(LIES) as (keyof typeof LIES)[];

let stores = 0;
function newQdrant(): VectorStore {
  const store = qdrantStore({ url: server.url, collection: `known-${stores++}`, prefixes: true });
  afterAll(() => store.close());
  return store;
}

const over = (store: VectorStore, options: Partial<RetrieverOptions> = {}): Retriever =>
  createRetriever({ store, embedder, mode: 'prefix', prefixBasis, ...options });

const ask = async (retriever: Retriever, question: string, claims = staff): Promise<readonly RetrievedChunk[]> =>
  (await retriever.search(await enter(claims), question, { limit: 9 })).chunks;

/** How a store changes what it has given before, by the part that it changes. */
const changes: Readonly<Record<string, (point: StoredPoint) => StoredPoint>> = {
  head: (point) => ({ ...point, head: point.head.map((byte, index) => (index === 200 ? byte ^ 1 : byte)) }),
  vector: (point) => ({ ...point, vector: point.vector.map((byte, index) => (index === 200 ? byte ^ 1 : byte)) }),
  tags: (point) => ({ ...point, tags: [...point.tags, '0'.repeat(32)] }),
  'other tags': (point) => ({
    ...point,
    tags: point.tags.map((tag) => tag.replace(/^./, (c) => (c === '0' ? '1' : '0'))),
  }),
  document: (point) => ({ ...point, document: '0'.repeat(32) }),
  partition: (point) => ({ ...point, partition: '0'.repeat(32) }),
};

describe('a candidate that an earlier question has opened', () => {
  it.each(Object.keys(changes))('is refused like a new one when its %s changes', async (part) => {
    const store = newQdrant();
    let lie = (point: StoredPoint): StoredPoint => point;
    const nearest = async (query: NearestQuery): Promise<readonly StoredPoint[]> =>
      ((await store.nearest?.(query)) ?? []).map((point, index) => (index === 3 ? lie(point) : point));
    const retriever = over({ ...store, nearest });
    await retriever.ingest(await enter(), documents);
    const before = await ask(retriever, 'heart dose');
    // The control: the second question is answered when nothing has changed.
    expect(await ask(retriever, 'heart dose')).toEqual(before);
    lie = changes[part] ?? lie;
    await expect(ask(retriever, 'heart dose')).rejects.toMatchObject({ code: 'ERR_RETRIEVER_TAMPERED' });
    await expect(ask(over({ ...store, nearest }), 'heart dose')).rejects.toMatchObject({
      code: 'ERR_RETRIEVER_TAMPERED',
    });
  });

  it.each(HOSTILE_BEHAVIOURS)('ends as for a new one when the store lies: %s', async (behaviour) => {
    const store = createHostileStore(newQdrant());
    const [ledger, tenant] = [newLedger(), await enter()];
    const retriever = over(store, { ledger });
    await retriever.ingest(tenant, documents);
    await over(store).ingest(await enter({ tenant: 'st-john' }), documents.slice(0, 20));
    await retriever.relabel(tenant, [{ id: 'n-1', label: 'restricted', acl: ['nursing'] }]);
    await ask(retriever, 'heart dose');
    await ask(retriever, 'measles');
    store.behave(behaviour);
    const outcome = async (asked: Retriever): Promise<unknown> =>
      ask(asked, 'heart dose').catch(({ code }: { code: string }) => code);
    const [known, fresh] = [await outcome(retriever), await outcome(over(store, { ledger }))];
    expect(known).toEqual(fresh);
  });

  it('is found only by who may see it, and by nobody once it is gone', async () => {
    const retriever = over(newQdrant(), { ledger: newLedger() });
    await retriever.ingest(await enter(), documents);
    await ask(retriever, 'heart dose');
    const mine = await ask(retriever, 'heart dose', { groups: ['nursing'] });
    expect(mine).toHaveLength(9);
    expect(mine.every(({ acl }) => acl.includes('nursing'))).toBe(true);
    const [best] = await ask(retriever, 'heart dose');
    const id = best?.document ?? '';
    await retriever.relabel(await enter(), [{ id, label: 'restricted', acl: ['oncology'] }]);
    expect((await ask(retriever, 'heart dose')).map(({ document }) => document)).not.toContain(id);
    expect((await ask(retriever, 'heart dose', { groups: ['oncology'] })).map(({ document }) => document)).toEqual([
      id,
    ]);
    await retriever.remove(await enter(), [id]);
    expect(await ask(retriever, 'heart dose', { groups: ['oncology'] })).toEqual([]);
  });

  it('gives way to new ones within the bound of memory, and answers stay the same', async () => {
    const store = newQdrant();
    await over(store).ingest(await enter(), documents);
    const small = over(store, { maxArenaBytes: 110 * 4 * 384 });
    for (const question of [...words, ...words.toReversed()]) {
      expect(await ask(small, question)).toEqual(await ask(over(store), question));
    }
    await expect(ask(over(store, { maxArenaBytes: 50 * 4 * 384 }), 'heart')).rejects.toMatchObject({
      code: 'ERR_RETRIEVER_TOO_LARGE',
    });
  });
});
