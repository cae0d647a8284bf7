import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VectorStore } from '@cloister/core';
import { hospitals, question } from '@cloister/example-hospital/notes';
import { createWorld, type World } from '@cloister/example-hospital/world';
import { createRetriever } from '@cloister/retriever';
import { sqliteStore } from '@cloister/retriever/sqlite';
import type { RuntimeTenant } from '@cloister/runtime';
import { createHostileStore, HOSTILE_BEHAVIOURS, type HostileBehaviour } from '@cloister/simulator/hostile-store';
import { createTenancy, localBroker } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';

const notes = hospitals[0]?.notes ?? [];
let directory: string;
let world: World;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cloister-rollback-'));
  world = await createWorld({ directory });
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

async function cardiologist(store: VectorStore): Promise<RuntimeTenant> {
  return world.enter('cardiologist', await world.runtime({ store }));
}

const restricted = notes.map((note) => ({ ...note, acl: ['nobody'] }));
const checked = expect.arrayContaining(['rollback: checked']) as unknown;

describe('the whole chain over a store that is put back', () => {
  it('says that rollback is checked, and refuses an older copy of the whole database file', async () => {
    const [current, older] = [join(directory, 'current.db'), join(directory, 'older.db')];
    const store = sqliteStore(current);
    const tenant = await cardiologist(store);
    await tenant.ingest(notes);
    const { report } = await tenant.ask(question).result();
    expect(report.find(({ arrow }) => arrow === 'retrieval')).toMatchObject({ checked });
    // The log of the database is written back when it is closed; then its file is all there is.
    await store.close();
    await copyFile(current, older);

    const reopened = sqliteStore(current);
    await (await cardiologist(reopened)).ingest(restricted);
    await reopened.close();

    const restored = sqliteStore(older);
    const refused = { code: 'ERR_RETRIEVER_TAMPERED', detail: { stale: expect.any(Number) as unknown } };
    await expect((await cardiologist(restored)).ask(question).result()).rejects.toMatchObject(refused);
    await restored.close();
  });
});

/** What only a ledger can tell from an honest answer. */
const CAUGHT = ['rollback', 'drop', 'forget-writes', 'keep-deleted'] as const satisfies readonly HostileBehaviour[];

describe('the hostile store', () => {
  const embedder = (): World['embedder'] => world.embedder;
  const claims = {
    issuer: 'isolation',
    subject: 'dr-jones',
    groups: ['cardiology'],
    clearance: 'restricted',
    compartments: [],
    purpose: 'treatment',
  } as const;

  /** Writes, changes and removes over a store that lies as told, then searches with a retriever that saw nothing yet. */
  async function play(
    behaviour: HostileBehaviour,
    ledgered: boolean,
  ): Promise<{ code?: string; texts: readonly string[] }> {
    const broker = localBroker(join(directory, `${behaviour}-${ledgered}`), { key: new Uint8Array(32).fill(7) });
    const tenancy = createTenancy({ broker });
    const tenant = await tenancy.tenant(assertPrincipal({ ...claims, tenant: 'st-mary' }));
    const store = createHostileStore(sqliteStore(':memory:'));
    const open = () => createRetriever({ store, embedder: embedder(), ledger: ledgered ? broker.ledger : undefined });
    const document = (id: string, text: string, acl = ['cardiology']) => ({
      id,
      text,
      acl,
      label: 'internal' as const,
    });
    await open().ingest(tenant, [
      document('a', 'Old text.'),
      document('b', 'Now restricted.'),
      document('c', 'Removed.'),
    ]);
    const lying = behaviour === 'forget-writes' || behaviour === 'keep-deleted';
    if (lying) store.behave(behaviour);
    const writer = open();
    await writer.ingest(tenant, [document('a', 'New text.'), document('b', 'Now restricted.', ['oncology'])]);
    await writer.remove(tenant, ['c']);
    store.behave(behaviour);
    try {
      const { chunks } = await open().search(tenant, 'text', { limit: 20 });
      return { texts: chunks.map(({ text }) => text).toSorted() };
    } catch (error) {
      return { code: (error as { code: string }).code, texts: [] };
    } finally {
      await tenancy.close();
      await broker.close();
      await store.close();
    }
  }

  it.each(CAUGHT)('%s is refused with the ledger', async (behaviour) => {
    expect(await play(behaviour, true)).toEqual({ code: 'ERR_RETRIEVER_TAMPERED', texts: [] });
  });

  it('honest answers pass, reordered or not', async () => {
    for (const behaviour of ['honest', 'reorder'] as const) {
      expect(await play(behaviour, true)).toEqual({ texts: ['New text.'] });
    }
  });

  it('control: without a ledger the old text, the old groups or the removed note come back', async () => {
    expect((await play('rollback', false)).texts).toEqual(['Old text.']);
    expect((await play('forget-writes', false)).texts).toContain('Now restricted.');
    expect((await play('keep-deleted', false)).texts).toContain('Removed.');
  });

  it('every behaviour gives only what counts, with the ledger', async () => {
    for (const behaviour of Object.keys(HOSTILE_BEHAVIOURS) as HostileBehaviour[]) {
      const { texts } = await play(behaviour, true);
      expect(texts.filter((text) => text !== 'New text.')).toEqual([]);
    }
  });
});
