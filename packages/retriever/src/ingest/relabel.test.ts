import type { Embedder } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.ts';
import { enter, newLedger, note } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';
import type { AccessChange, Retriever } from '../index.ts';

const everyone = await enter({ groups: ['cardiology', 'nursing'], compartments: ['trial-7'] });
const nurse = await enter({ groups: ['nursing'] });
const text = 'This note has many sentences. '.repeat(60);
let now = 1_800_000_000_000;

function scene(embedder: Embedder = hashingEmbedder()) {
  const [store, ledger] = [memoryStore(), newLedger()];
  const clock = { now: () => now };
  const fresh = (): Retriever => createRetriever({ store, ledger, embedder, clock });
  return { store, retriever: fresh(), fresh };
}

async function seen(retriever: Retriever, who = nurse): Promise<number> {
  return (await retriever.search(who, 'note', { limit: 50 })).chunks.length;
}

describe('relabel', () => {
  it('seals heads alone, takes effect at once and everywhere, and leaves texts and vectors byte for byte', async () => {
    const { store, retriever, fresh } = scene();
    await retriever.ingest(everyone, [note('a', text, { acl: ['nursing'] }), note('b', 'Another note.')]);
    const other = fresh();
    const chunks = await seen(other);
    expect(chunks).toBeGreaterThan(3);
    const sealed = (): string =>
      JSON.stringify(store.snapshot().map(({ id, payload, vector }) => [id, payload, vector]));
    const before = sealed();
    const receipt = await retriever.relabel(everyone, [
      { id: 'a', label: 'restricted', acl: ['cardiology'] },
      { id: 'b', label: 'restricted', acl: ['cardiology'] },
      { id: 'c', label: 'restricted', acl: ['cardiology'] },
    ]);
    expect(receipt).toEqual({ documents: 3, relabelled: 1, unchanged: 1, missing: 1, chunks });
    expect(sealed()).toBe(before);
    expect([await seen(retriever), await seen(other), await seen(fresh())]).toEqual([0, 0, 0]);
    expect(await seen(other, everyone)).toBe(chunks + 1);
    await retriever.relabel(everyone, [{ id: 'a', label: 'internal', acl: ['nursing'] }]);
    expect([await seen(retriever), await seen(other)]).toEqual([chunks, chunks]);
  });

  it('knows compartments, of which a reader must hold every one, and an end', async () => {
    const { retriever } = scene();
    const access = { id: 'a', label: 'internal', acl: ['nursing'] } as const;
    await retriever.ingest(everyone, [{ ...access, text: 'A note.', compartments: ['trial-7'] }]);
    expect([await seen(retriever, everyone), await seen(retriever)]).toEqual([1, 0]);
    await retriever.relabel(everyone, [{ ...access, compartments: ['trial-7', 'trial-8'] }]);
    expect([await seen(retriever, everyone), await seen(retriever)]).toEqual([0, 0]);
    await retriever.relabel(everyone, [{ ...access, retention: now + 1000 }]);
    expect([await seen(retriever, everyone), await seen(retriever)]).toEqual([1, 1]);
    now += 1000;
    expect([await seen(retriever, everyone), await seen(retriever)]).toEqual([0, 0]);
  });

  it.each<[string, object]>([
    ['a text', { text: 'x' }],
    ['a tenant', { tenant: 'st-john' }],
    ['a negative end', { retention: -1 }],
    ['a compartment that is no name', { compartments: [''] }],
  ])('refuses %s', async (_name, change) => {
    const changes = [{ id: 'a', label: 'public', acl: [], ...change } as AccessChange];
    await expect(scene().retriever.relabel(everyone, changes)).rejects.toMatchObject({
      code: 'ERR_RETRIEVER_DOCUMENT',
    });
  });
});
