import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enter, newStore, note } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';
import type { Retriever, SearchResult } from '../index.ts';
import { Arena } from './arena.ts';

const embedder = hashingEmbedder();
const groups = ['cardiology', 'nursing'];
const document = fc.integer({ min: 0, max: 5 }).map((index) => `note-${index}`);
const operation = fc.oneof(
  fc.record({
    kind: fc.constant('ingest' as const),
    document,
    sentences: fc.integer({ min: 0, max: 45 }),
    acl: fc.subarray(groups),
  }),
  fc.record({ kind: fc.constant('remove' as const), document }),
  fc.record({ kind: fc.constant('search' as const), groups: fc.subarray(groups) }),
);

const text = (id: string, sentences: number): string =>
  Array.from({ length: sentences }, (_, index) => `${id} speaks about matter ${index} at length. `).join('');

const find = async (retriever: Retriever, held: readonly string[]): Promise<SearchResult['chunks']> =>
  (await retriever.search(await enter({ groups: held }), 'note-1 speaks about matter 3', { limit: 100 })).chunks;

describe('the arena', () => {
  it('answers after any sequence of writes as a retriever that has just opened the store', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 12 }), async (operations) => {
        const store = newStore(':memory:');
        const retriever = createRetriever({ store, embedder });
        const tenant = await enter();
        for (const step of operations) {
          if (step.kind === 'search') await find(retriever, step.groups);
          else if (step.kind === 'remove') await retriever.remove(tenant, [step.document]);
          else
            await retriever.ingest(tenant, [
              note(step.document, text(step.document, step.sentences), { acl: step.acl }),
            ]);
        }
        for (const held of [['cardiology'], ['nursing'], groups]) {
          const fresh = createRetriever({ store, embedder });
          expect(await find(retriever, held)).toEqual(await find(fresh, held));
        }
        await store.close();
      }),
      { numRuns: 40 },
    );
  });

  it('notices what another process changed, removed and added', async () => {
    const store = newStore();
    const [one, two] = [createRetriever({ store, embedder }), createRetriever({ store, embedder })];
    const tenant = await enter();
    await one.ingest(tenant, [note('a', 'The first text.'), note('b', 'The second text.')]);
    await two.search(tenant, 'text');
    await one.ingest(tenant, [note('a', 'The first text, changed.')]);
    expect((await two.search(tenant, 'text')).chunks.map(({ text: found }) => found).toSorted()).toEqual([
      'The first text, changed.',
      'The second text.',
    ]);
    await one.remove(tenant, ['b']);
    await one.ingest(tenant, [note('c', 'A third text.')]);
    const { chunks, report } = await two.search(tenant, 'text');
    expect(chunks.map(({ document: found }) => found).toSorted()).toEqual(['a', 'c']);
    expect(report.refusedByStore).toEqual({});
  });

  it('zeroes vectors that are removed, outgrown or reset', () => {
    const arena = new Arena(2, 1024 * 1024);
    const opened = (digest: string): Parameters<Arena['put']>[2] => ({
      digest,
      tags: [],
      head: { version: 1, label: 'public', acl: ['x'], compartments: [], retention: null } as unknown as Parameters<
        Arena['put']
      >[2]['head'],
    });
    const bytes = new Uint8Array(Float32Array.of(1, 2).buffer);
    for (let index = 0; index < 128; index++) arena.put(`p${index}`, `d${index}`, opened('x'), bytes);
    arena.put('p0', 'd0', opened('y'), bytes);
    expect(arena.rows).toHaveLength(128);
    const small = arena.vectors;
    for (let index = 128; index < 200; index++) arena.put(`p${index}`, `d${index}`, opened('x'), bytes);
    expect(small.every((value) => value === 0)).toBe(true);
    expect(arena.removeDocument('d3')).toEqual(['p3']);
    expect(arena.find('p3')).toBeUndefined();
    expect(arena.rows).toHaveLength(199);
    expect(arena.vectors.subarray(398).every((value) => value === 0)).toBe(true);
    expect(arena.rows[3]?.id).toBe('p199');
    arena.reset();
    expect(arena.vectors.every((value) => value === 0)).toBe(true);
  });

  it('stays within its bound of bytes', async () => {
    const store = newStore();
    const tenant = await enter();
    const documents = Array.from({ length: 9 }, (_, index) => note(`n-${index}`, `Text ${index}.`));
    const retriever = createRetriever({ store, embedder, maxArenaBytes: 8 * 384 * 4 });
    await retriever.ingest(tenant, documents.slice(0, 8));
    expect((await retriever.search(tenant, 'text', { limit: 9 })).chunks).toHaveLength(8);
    await createRetriever({ store, embedder }).ingest(tenant, documents);
    const fresh = createRetriever({ store, embedder, maxArenaBytes: 8 * 384 * 4 });
    await expect(fresh.search(tenant, 'text')).rejects.toMatchObject({
      code: 'ERR_RETRIEVER_TOO_LARGE',
      detail: { limit: 8 },
    });
  });

  it('gives the memory of idle tenants to others', async () => {
    const store = newStore();
    const retriever = createRetriever({ store, embedder, maxArenaBytes: 64 * 384 * 4 });
    const tenants = await Promise.all(['a', 'b', 'c'].map((tenant) => enter({ tenant })));
    for (const tenant of tenants) await retriever.ingest(tenant, [note('x', 'A text.')]);
    for (let round = 0; round < 3; round++) {
      for (const tenant of tenants) expect((await retriever.search(tenant, 'text')).chunks).toHaveLength(1);
    }
    const reports = await Promise.all(tenants.map((tenant) => retriever.search(tenant, 'text')));
    expect(reports.every(({ chunks }) => chunks.length === 1)).toBe(true);
  });
});
