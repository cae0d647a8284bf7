import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { systemRandom, toHex } from '@cloister/core';
import type { Signer, Tenant, VectorStore } from '@cloister/core';
import { createTenancy, localBroker } from '@cloister/tenancy';
import type { LocalBroker, Tenancy } from '@cloister/tenancy';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.ts';
import { newFile, note, notes, principal } from '../../test/world.ts';
import { createRetriever, hashingEmbedder } from '../index.ts';
import type { Retriever } from '../index.ts';
import { deriveCollectionKeys } from '../record/record-keys.ts';
import { openHead, openVector } from '../record/open-record.ts';
import { sqliteStore } from '../sqlite/index.ts';

const embedder = hashingEmbedder();
const signer: Signer = { publicKey: new Uint8Array(32), sign: async () => new Uint8Array(64) };

interface Scene {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly broker: LocalBroker;
  readonly tenancy: Tenancy;
  readonly tenant: Tenant;
  readonly fresh: (store: VectorStore) => Retriever;
}

async function scene(): Promise<Scene> {
  const [folder, key] = [newFile(), systemRandom(32)];
  const broker = localBroker(`${folder}/keys`, { key });
  const tenancy = createTenancy({ broker });
  const tenant = await tenancy.tenant(principal());
  const fresh = (store: VectorStore): Retriever => createRetriever({ store, ledger: broker.ledger, embedder });
  return { folder, key, broker, tenancy, tenant, fresh };
}

/** The vectors of everything in the store, in hex, by point. */
async function vectors(tenant: Tenant, store: VectorStore): Promise<ReadonlyMap<string, string>> {
  const keys = await deriveCollectionKeys(tenant, 'default');
  const points = (await Array.fromAsync(store.scan({ partition: keys.partition }))).flat();
  const entries = points.map((point) => {
    const opened = openHead(keys, point);
    const vector = typeof opened === 'string' ? opened : openVector(keys, point, opened.head);
    return [point.id, typeof vector === 'string' ? vector : toHex(vector)] as const;
  });
  return new Map(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

describe('rotate', () => {
  it('keeps every id and every bit of every vector over ten rotations, and search goes on throughout', async () => {
    const { tenancy, tenant, fresh } = await scene();
    const store = memoryStore();
    const retriever = fresh(store);
    await retriever.ingest(tenant, notes);
    const [before, sealed] = [await vectors(tenant, store), store.snapshot()];
    const question = 'metoprolol since a heart attack';
    const honest = (await retriever.search(tenant, question, { limit: 5 })).chunks;
    for (let turn = 1; turn <= 10; turn++) {
      const [{ version } = { version: 0 }, older] = await tenancy.rotate(tenant);
      expect([version, older]).toEqual([turn + 1, { version: turn, state: 'decrypt-only' }]);
      expect((await retriever.search(tenant, question, { limit: 5 })).chunks).toEqual(honest);
      await retriever.rotate(tenant, {
        onProgress: () => void fresh(store).search(tenant, question).catch(expect.unreachable),
      });
      expect(await retriever.rotate(tenant)).toEqual({ records: 5, resealed: 0, current: 5 });
      await tenancy.retire(tenant, turn);
      expect((await retriever.search(tenant, question, { limit: 5 })).chunks).toEqual(honest);
      expect((await fresh(store).search(tenant, question, { limit: 5 })).chunks).toEqual(honest);
    }
    expect(await vectors(tenant, store)).toEqual(before);
    expect(await retriever.ingest(tenant, notes)).toMatchObject({ skipped: 5 });
    // What was sealed under a destroyed version is foreign from now on.
    store.restore(sealed);
    expect(new Set((await vectors(tenant, store)).values())).toEqual(new Set(['ERR_RETRIEVER_RECORD_FOREIGN']));
  });

  it('does not end well when a record is missing or cannot be sealed anew', async () => {
    const { tenancy, tenant, fresh } = await scene();
    const store = memoryStore();
    await fresh(store).ingest(tenant, notes);
    await tenancy.rotate(tenant);
    const [first, ...others] = store.snapshot();
    const damaged = first && { ...first, payload: first.vector };
    for (const state of [others, damaged === undefined ? [] : [damaged, ...others]]) {
      store.restore(state);
      await expect(fresh(store).rotate(tenant)).rejects.toMatchObject({ code: 'ERR_RETRIEVER_TAMPERED' });
    }
  });
});

const KILLS = Number(process.env['CLOISTER_KILLS'] ?? 5);

describe(`a rotation in a process that is killed ${KILLS} times`, () => {
  it(
    'loses nothing and ends when it is started again',
    async () => {
      const { folder, key, tenancy, tenant, fresh } = await scene();
      const store = sqliteStore(`${folder}/rag.db`);
      const documents = Array.from({ length: 80 }, (_, index) => note(`n-${index}`, `Note number ${index}.`));
      await fresh(store).ingest(tenant, documents);
      const before = await vectors(tenant, store);
      const claims = JSON.stringify(principal());
      for (let kill = 0; kill < KILLS; kill++) {
        await killAfter(Math.floor((kill * 37) % 20), [folder, toHex(key), claims]);
        expect(await vectors(tenant, store)).toEqual(before);
        const { chunks } = await fresh(store).search(tenant, 'note', { limit: 200 });
        expect(chunks).toHaveLength(documents.length);
      }
      expect(await fresh(store).rotate(tenant)).toMatchObject({ records: documents.length });
      expect(await fresh(store).rotate(tenant)).toMatchObject({ resealed: 0 });
      expect(await vectors(tenant, store)).toEqual(before);
      await tenancy.close();
      await store.close();
    },
    60_000 + KILLS * 15_000,
  );
});

/** Kills the process once it has sealed so many batches, and a random moment later. */
async function killAfter(batches: number, args: readonly string[]): Promise<void> {
  const program = fileURLToPath(new URL('../../test/rotate-main.ts', import.meta.url));
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exit = once(child, 'exit');
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.split('.').length > batches) break;
  }
  await new Promise((resolve) => setTimeout(resolve, (systemRandom(1)[0] as number) / 50));
  child.kill('SIGKILL');
  await exit;
  expect(output).toContain('ready');
}

describe('after a tenant is shredded', () => {
  it('nothing of a snapshot opens, with all that is left and with what was derived before', async () => {
    const { folder, key, tenancy, tenant, fresh } = await scene();
    const store = memoryStore();
    const warm = fresh(store);
    await warm.ingest(tenant, notes);
    await tenancy.rotate(tenant);
    await warm.search(tenant, 'note');
    const snapshot = store.snapshot();
    expect(snapshot).toHaveLength(notes.length);
    await tenancy.shred(tenant, { signer });
    const shredded = { code: 'ERR_TENANCY_SHREDDED' };
    await expect(warm.search(tenant, 'note')).rejects.toMatchObject(shredded);
    await expect(deriveCollectionKeys(tenant, 'default')).rejects.toMatchObject(shredded);
    const rest = localBroker(`${folder}/keys`, { key });
    const again = createTenancy({ broker: rest });
    await expect(again.tenant(principal())).rejects.toMatchObject(shredded);
    // Another tenant of the same directory opens none of them, and neither does this name under another issuer.
    for (const claims of [{ tenant: 'st-john' }, { issuer: 'elsewhere' }]) {
      const keys = await deriveCollectionKeys(await again.tenant(principal(claims)), 'default');
      for (const point of snapshot) expect(openHead(keys, { ...point, partition: keys.partition })).toMatch(/^ERR_/);
    }
  });
});
