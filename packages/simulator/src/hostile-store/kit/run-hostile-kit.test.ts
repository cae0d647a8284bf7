import { sha256, toHex, utf8, type StoredPoint, type VectorStore } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { createHostileStore } from '../create-hostile-store.ts';
import type { KitCaller, KitWorld } from './kit-world.ts';
import { runHostileKit } from './run-hostile-kit.ts';

const name = (text: string): string => toHex(sha256(utf8(text))).slice(0, 32);

function memoryStore(): VectorStore {
  const held = new Map<string, StoredPoint>();
  return {
    async put(points) {
      for (const point of points) held.set(`${point.partition} ${point.id}`, point);
      return points.length;
    },
    get: async (partition, ids) => ids.flatMap((id) => held.get(`${partition} ${id}`) ?? []),
    async *scan({ partition }) {
      yield [...held.values()].filter((point) => point.partition === partition);
    },
    async deleteDocument(partition, document) {
      return held.delete(`${partition} ${document}`) ? 1 : 0;
    },
    close: async () => {},
  };
}

/** A system that believes its store: no keys, no ledger, the filter is all there is. */
function trusting(forgetful = false): () => Promise<KitWorld> {
  return async () => {
    const store = createHostileStore(memoryStore());
    const shared: string[] = [];
    const callers = ['a', 'b'].map((tenant): KitCaller => {
      const partition = name(tenant);
      return {
        async write(id, text) {
          const bytes = new Uint8Array(4);
          shared.push(text);
          const names = { id: name(id), document: name(id), partition, tags: [] };
          await store.put([{ ...names, head: bytes, payload: utf8(text), vector: bytes }]);
        },
        remove: async (id) => void (await store.deleteDocument(partition, name(id))),
        async search() {
          const points = (await Array.fromAsync(store.scan({ partition }))).flat();
          const texts = points.map(({ payload }) => new TextDecoder().decode(payload));
          return { texts: forgetful ? shared : texts, refused: 0 };
        },
      };
    });
    return { callers, behave: (behaviour) => store.behave(behaviour), close: () => store.close() };
  };
}

describe('runHostileKit', () => {
  it('finds that a system which trusts its filter leaks, and only under lies', async () => {
    const results = await runHostileKit(trusting(), { operations: 120 });
    const of = (verdict: string): readonly string[] =>
      results.filter((result) => result.verdict === verdict).map(({ behaviour }) => behaviour);
    expect(of('holds')).toEqual(['honest', 'slow', 'reorder']);
    expect(of('leaks')).toEqual(
      expect.arrayContaining(['ignore-filters', 'foreign-records', 'replay', 'rollback', 'keep-deleted', 'flip-bit']),
    );
    expect(of('unnoticed')).toEqual(expect.arrayContaining(['drop', 'duplicate']));
    const foreign = results.find(({ behaviour }) => behaviour === 'ignore-filters')?.foreign;
    expect(foreign).toBeGreaterThan(0);
  });

  it('finds leaks that need no lie', async () => {
    const [honest] = await runHostileKit(trusting(true), { behaviours: ['honest'] });
    expect(honest).toMatchObject({ verdict: 'leaks', operations: 200 });
  });

  it('tries the same for the same seed, and stops at the signal', async () => {
    const options = { behaviours: ['ignore-filters'], operations: 80 } as const;
    const first = await runHostileKit(trusting(), options);
    expect(await runHostileKit(trusting(), options)).toEqual(first);
    expect(await runHostileKit(trusting(), { ...options, seed: 'other' })).not.toEqual(first);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(runHostileKit(trusting(), { signal })).rejects.toThrow('enough');
  });

  it('takes an error for a lie that was found out, and does not blame what it may have left behind', async () => {
    const open = async (): Promise<KitWorld> => {
      const world = await trusting()();
      const callers = world.callers.map((caller) => ({
        ...caller,
        async write(id: string, text: string) {
          await caller.write(id, text);
          throw new Error('the server was gone before it answered');
        },
      }));
      return { ...world, callers };
    };
    const [honest] = await runHostileKit(open, { behaviours: ['honest'] });
    expect(honest).toMatchObject({ foreign: 0, stale: 0, silent: 0 });
    expect(honest?.recorded).toBeGreaterThan(20);
  });
});
