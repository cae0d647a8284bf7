import { utf8 } from '@cloister/core';
import type { Tenant } from '@cloister/core';
import { createHostileStore, HOSTILE_BEHAVIOURS } from '@cloister/simulator/hostile-store';
import type { HostileBehaviour, HostileStore } from '@cloister/simulator/hostile-store';
import { localLedger } from '@cloister/tenancy';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.ts';
import type { MemoryStore } from '../../test/memory-store.ts';
import { enter } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';
import type { IngestDocument, Retriever } from '../index.ts';

/** Operations against each behaviour: few in the normal run, `CLOISTER_OPERATIONS=100000` for the long one. */
const OPERATIONS = Number(process.env['CLOISTER_OPERATIONS'] ?? 200);
/** After this many operations everything begins anew, so that a lie at a write does not hide the next ones. */
const SCENE = 40;

const embedder = hashingEmbedder();
const WRITE_LIES: readonly HostileBehaviour[] = ['forget-writes', 'keep-deleted'];
const GROUPS = ['cardiology', 'oncology'] as const;

/** Everybody who writes, with the readers of the same tenant by group. */
const tenants = await Promise.all(
  ['st-mary', 'st-john'].map(async (tenant) => ({
    writer: await enter({ tenant, groups: [...GROUPS] }),
    readers: await Promise.all(GROUPS.map((group) => enter({ tenant, groups: [group] }))),
  })),
);

interface Scene {
  /** What the store really holds. */
  readonly held: MemoryStore;
  readonly store: HostileStore;
  readonly warm: Retriever;
  /** A retriever that has seen nothing yet. */
  readonly cold: () => Retriever;
  /** What each tenant's documents say now. */
  readonly truth: readonly Map<string, IngestDocument>[];
  readonly end: () => Promise<void>;
}

function newScene(): Scene {
  const held = memoryStore();
  const store = createHostileStore(held);
  const ledger = localLedger(':memory:');
  const cold = (): Retriever => createRetriever({ store, embedder, ledger, onTampered: 'skip' });
  const end = (): Promise<void> => ledger.close();
  return { held, store, warm: cold(), cold, truth: tenants.map(() => new Map()), end };
}

type Random = (below: number) => number;

/** A repeatable generator: the same behaviour meets the same operations in every run. */
function generator(seed: string): Random {
  let state = utf8(seed).reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 17);
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return ((state >>> 8) % (below * 1024)) % below;
  };
}

async function write({ warm, truth }: Scene, who: number, random: Random, turn: number): Promise<void> {
  const tenant = tenants[who]?.writer as Tenant;
  const mine = truth[who] as Map<string, IngestDocument>;
  const id = `note-${random(6)}`;
  const acl = [GROUPS[random(2)] as string];
  const known = mine.get(id);
  if (known !== undefined && random(3) === 0) {
    await warm.remove(tenant, [id]);
    mine.delete(id);
  } else if (known !== undefined && random(2) === 0) {
    const { missing } = await warm.relabel(tenant, [{ id, label: 'internal', acl }]);
    if (missing === 0) mine.set(id, { ...known, label: 'internal', acl });
  } else {
    const document = { id, text: `Tenant ${who} says in turn ${turn} of ${id}.`, label: 'internal', acl } as const;
    await warm.ingest(tenant, [document]);
    mine.set(id, document);
  }
}

interface Findings {
  /** Chunks that the reader may not see, or that are not what the document says now. */
  foreign: number;
  /** Answers that lacked something and did not say so. */
  silent: number;
  recorded: number;
}

async function read(scene: Scene, who: number, random: Random, findings: Findings): Promise<void> {
  const group = random(2);
  const reader = tenants[who]?.readers[group] as Tenant;
  const retriever = random(2) === 0 ? scene.warm : scene.cold();
  const { chunks, report } = await retriever.search(reader, 'What does the note say?', { limit: 50 });
  const visible = [...(scene.truth[who]?.values() ?? [])].filter(({ acl }) => acl.includes(GROUPS[group] as string));
  const texts = new Map(visible.map(({ id, text }) => [id, text]));
  findings.foreign += chunks.filter(({ document, text }) => texts.get(document) !== text).length;
  const refused = Object.values(report.refusedByStore).reduce((sum, count) => sum + count, 0);
  findings.recorded += refused;
  if (chunks.length < visible.length && refused === 0) findings.silent++;
}

describe('random operations against a hostile store', () => {
  it.each(Object.keys(HOSTILE_BEHAVIOURS) as HostileBehaviour[])(
    `%s: nothing foreign in ${OPERATIONS} operations, and nothing is left out in silence`,
    { timeout: 30_000 + OPERATIONS * 100 },
    async (behaviour) => {
      const random = generator(behaviour);
      const findings: Findings = { foreign: 0, silent: 0, recorded: 0 };
      let scene = newScene();
      for (let turn = 0; turn < OPERATIONS; turn++) {
        if (turn > 0 && turn % SCENE === 0) {
          await scene.end();
          scene = newScene();
        }
        const who = random(2);
        const writing = random(5) < 2;
        const lies = !writing || (WRITE_LIES.includes(behaviour) && turn % SCENE > SCENE / 2);
        scene.store.behave(lies ? behaviour : 'honest');
        await (writing ? write(scene, who, random, turn) : read(scene, who, random, findings));
      }
      await scene.end();
      expect(findings).toMatchObject({ foreign: 0, silent: 0 });
      // A lie that nobody could notice would prove nothing; in the opposite order an answer is still the answer.
      if (behaviour === 'honest' || behaviour === 'reorder') expect(findings.recorded).toBe(0);
      else expect(findings.recorded).toBeGreaterThan(0);
    },
  );

  it('leaks to whoever trusts the filter of the same store (control)', async () => {
    const scene = newScene();
    const random = generator('control');
    for (let turn = 0; turn < 20; turn++) await write(scene, turn % 2, random, turn);
    const partitions = new Set(scene.held.snapshot().map(({ partition }) => partition));
    expect(partitions.size).toBe(2);
    const answered = async (): Promise<number> => {
      const [own = ''] = partitions;
      const points = (await Array.fromAsync(scene.store.scan({ partition: own }))).flat();
      return points.filter(({ partition }) => partition !== own).length;
    };
    expect(await answered()).toBe(0);
    scene.store.behave('ignore-filters');
    expect(await answered()).toBeGreaterThan(0);
    await scene.end();
  });
});
