import { closeSync, copyFileSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createEd25519Signer } from '@cloister/audit';
import { isCloisterError, systemRandom, type Tenant } from '@cloister/core';
import { openMemory, type MemoryOptions } from '@cloister/session';
import { sqliteMemory } from '@cloister/session/sqlite';
import { localLedger } from '@cloister/tenancy';
import type { Row } from '../report.ts';
import { median } from '../median.ts';

const TURNS = 1000;
const SESSIONS = 5;
const TEXT = 'The dose was lowered in March because of dizziness. '.repeat(10);

/** What a remembered turn costs and how long the end of a long session takes, on disk, with heads in a ledger. */
export async function measureMemory(tenant: Tenant, directory: string): Promise<Row[]> {
  const path = join(directory, 'turns.db');
  const store = sqliteMemory(path);
  const ledger = localLedger(join(directory, 'ledger.db'));
  const signer = await createEd25519Signer(systemRandom(32));
  const options = { store, ledger, signer, policy: 'bench' };
  const [appends, opens, ends, syncs]: [number[], number[], number[], number[]] = [[], [], [], []];
  const readable = { before: 0, after: 0 };
  for (let round = 0; round < SESSIONS; round++) {
    const memory = await openMemory(tenant, options);
    const { session } = memory;
    const started = performance.now();
    for (let turn = 0; turn < TURNS; turn++) await memory.append({ role: 'user', text: TEXT, label: 'internal' });
    appends.push((performance.now() - started) / TURNS);
    const opening = performance.now();
    const again = await openMemory(tenant, { ...options, session });
    opens.push(performance.now() - opening);
    const copy = join(directory, `copy-${round}.db`);
    for (const part of ['', '-wal']) copyFileSync(path + part, copy + part);
    readable.before += await countReadable(tenant, { ...options, session }, copy);
    syncs.push(measureSync(join(directory, 'bare')));
    const ending = performance.now();
    await again.end();
    ends.push(performance.now() - ending);
    readable.after += await countReadable(tenant, { ...options, session }, copy);
  }
  store.close();
  await ledger.close();
  const sync = median(syncs);
  const timed = (name: string, values: number[]): Row => {
    const value = median(values);
    return { name, value, unit: 'ms', baseline: sync, ratio: value / sync };
  };
  return [
    timed('append a turn, durable, head in the ledger, against a bare write and sync', appends),
    timed(`open a session of ${TURNS} turns, against a bare write and sync`, opens),
    timed(`end a session of ${TURNS} turns, against a bare write and sync`, ends),
    {
      name: `of ${SESSIONS * TURNS} turns, readable in a copy of the store before the end`,
      value: readable.before,
      unit: 'turns',
    },
    { name: 'the same copy after the end', value: readable.after, unit: 'turns' },
  ];
}

/** The turns that somebody with the keys of today opens from an earlier copy of the store. */
async function countReadable(tenant: Tenant, options: MemoryOptions, copy: string): Promise<number> {
  const store = sqliteMemory(copy);
  try {
    return (await openMemory(tenant, { ...options, store })).turns().length;
  } catch (error) {
    if (isCloisterError(error)) return 0;
    throw error;
  } finally {
    store.close();
  }
}

/** The median of some writes of a small page, each with its sync. */
function measureSync(path: string): number {
  const file = openSync(path, 'a');
  const rounds = Array.from({ length: 31 }, () => {
    const start = performance.now();
    writeSync(file, new Uint8Array(512));
    fdatasyncSync(file);
    return performance.now() - start;
  });
  closeSync(file);
  return median(rounds);
}
