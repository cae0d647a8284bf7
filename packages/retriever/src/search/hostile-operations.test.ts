import type { Embedder, Tenant, VectorStore } from '@cloister/core';
import { createHostileStore, HOSTILE_BEHAVIOURS, runHostileKit } from '@cloister/simulator/hostile-store';
import type { HostileBehaviour, KitAnswer, KitCaller, KitWorld } from '@cloister/simulator/hostile-store';
import { startQdrantStandIn } from '@cloister/simulator/qdrant';
import { localLedger } from '@cloister/tenancy';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.ts';
import { enter } from '../../test/world.ts';
import { createRetriever } from '../index.ts';
import type { Retriever } from '../index.ts';
import { qdrantStore } from '../qdrant/index.ts';
import { sqliteStore } from '../sqlite/index.ts';

/** Operations against each behaviour: few in the normal run, `CLOISTER_OPERATIONS=100000` for the long one. */
const OPERATIONS = Number(process.env['CLOISTER_OPERATIONS'] ?? 200);
const BEHAVIOURS = Object.keys(HOSTILE_BEHAVIOURS) as HostileBehaviour[];

/** What a vector says does not matter here, but that it is sealed and ranked: short ones leave time for more operations. */
const embedder: Embedder = {
  id: 'kit',
  dimensions: 8,
  embed: async (texts) =>
    texts.map(({ length }) => Float32Array.from({ length: 8 }, (_, index) => (length % 8 === index ? 1 : 0))),
};
const GROUPS = ['cardiology', 'oncology'] as const;

/** Two tenants, and in each two groups that see nothing of one another. */
const tenants = await Promise.all(
  ['st-mary', 'st-john'].map(async (tenant) => ({
    writer: await enter({ tenant, groups: [...GROUPS] }),
    readers: await Promise.all(GROUPS.map((group) => enter({ tenant, groups: [group] }))),
  })),
);

/** A world over an empty store. Every third search comes from a retriever that has seen nothing yet. */
async function openWorld(inner: VectorStore): Promise<KitWorld> {
  const store = createHostileStore(inner);
  const ledger = localLedger(':memory:');
  const create = (): Retriever => createRetriever({ store, embedder, ledger, onTampered: 'skip' });
  const warm = create();
  let searches = 0;
  const find = async (reader: Tenant, question: string): Promise<KitAnswer> => {
    const retriever = searches++ % 3 === 0 ? create() : warm;
    const { chunks, report } = await retriever.search(reader, question, { limit: 50 });
    const refused = Object.values(report.refusedByStore).reduce((sum, count) => sum + count, 0);
    return { texts: chunks.map(({ text }) => text), refused };
  };
  const callers = tenants.flatMap(({ writer, readers }, place) =>
    readers.map((reader, group): KitCaller => {
      const access = (of: number) => ({ label: 'internal', acl: [GROUPS[of] as string] }) as const;
      return {
        write: async (id, text) => void (await warm.ingest(writer, [{ id, text, ...access(group) }])),
        remove: async (id) => void (await warm.remove(writer, [id])),
        search: (question) => find(reader, question),
        peer: 2 * place + (1 - group),
        async handOver(id) {
          const { missing } = await warm.relabel(writer, [{ id, ...access(1 - group) }]);
          // The receipt says so: nobody may take this for done.
          if (missing > 0) throw new Error('the store does not hold the document as it was written');
        },
      };
    }),
  );
  return {
    callers,
    behave: (behaviour) => store.behave(behaviour),
    async close() {
      await ledger.close();
      await store.close();
    },
  };
}

describe('random operations against a hostile store', () => {
  it.each(BEHAVIOURS)(
    `%s: nothing foreign in ${OPERATIONS} operations, found out, and nothing is left out in silence`,
    { timeout: 30_000 + OPERATIONS * 100 },
    async (behaviour) => {
      const options = { behaviours: [behaviour], operations: OPERATIONS };
      const [result] = await runHostileKit(() => openWorld(memoryStore()), options);
      expect(result).toMatchObject({ foreign: 0, stale: 0, silent: 0, verdict: 'holds' });
    },
  );
});

describe('every store adapter', async () => {
  const server = await startQdrantStandIn();
  afterAll(() => server.close());
  let collections = 0;
  const adapters: Readonly<Record<string, () => VectorStore>> = {
    sqlite: () => sqliteStore(':memory:'),
    qdrant: () => qdrantStore({ url: server.url, collection: `kit-${collections++}` }),
  };

  it.each(Object.keys(adapters))('%s passes the kit', { timeout: 120_000 }, async (name) => {
    const create = adapters[name] as () => VectorStore;
    const results = await runHostileKit(() => openWorld(create()), { operations: 40 });
    expect(results.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(14);
  });
});

describe('the control', () => {
  it('leaks to whoever trusts the filter of the same store', async () => {
    const store = createHostileStore(memoryStore());
    const retriever = createRetriever({ store, embedder });
    for (const [who, { writer }] of tenants.entries()) {
      await retriever.ingest(writer, [{ id: 'note', text: `Tenant ${who}.`, label: 'internal', acl: [...GROUPS] }]);
    }
    const all: string[] = [];
    store.behave('ignore-filters');
    for await (const points of store.scan({ partition: 'none' })) all.push(...points.map(({ partition }) => partition));
    const [own = ''] = all;
    const leaked = async (): Promise<number> =>
      (await Array.fromAsync(store.scan({ partition: own }))).flat().filter(({ partition }) => partition !== own)
        .length;
    expect(await leaked()).toBe(1);
    store.behave('honest');
    expect(await leaked()).toBe(0);
  });
});
