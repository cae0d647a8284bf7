import { closeSync, copyFileSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEd25519Signer } from '@cloister/audit';
import { isCloisterError, systemRandom, type Tenant } from '@cloister/core';
import { openMemory, type MemoryOptions } from '@cloister/session';
import { sqliteMemory } from '@cloister/session/sqlite';
import { localLedger } from '@cloister/tenancy';
import type { Row } from '../report.ts';
import { median } from '../median.ts';

const TURNS = 1000;
const SESSIONS = 7;
/** Milliseconds. */
const FREEING = 100;
const TEXT = 'The dose was lowered in March because of dizziness. '.repeat(10);

/** What a remembered turn costs and how long the end of a long session takes, on disk, with heads in a ledger. */
export async function measureMemory(tenant: Tenant, directory: string): Promise<Row[]> {
  const path = join(directory, 'turns.db');
  const store = sqliteMemory(path);
  const ledger = localLedger(join(directory, 'ledger.db'));
  const signer = await createEd25519Signer(systemRandom(32));
  const options = { store, ledger, signer, policy: 'bench' };
  const [appends, opens, ends, frees]: [number[], number[], number[], number[]] = [[], [], [], []];
  const [syncs, overwrites]: [number[], number[]] = [[], []];
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
    syncs.push(measureSync(join(directory, 'bare'), 'a'));
    overwrites.push(measureSync(join(directory, 'bare'), 'r+'));
    const ending = performance.now();
    await again.end();
    ends.push(performance.now() - ending);
    const used = process.cpuUsage();
    await sleep(FREEING);
    const { user, system } = process.cpuUsage(used);
    frees.push((user + system) / 1000);
    readable.after += await countReadable(tenant, { ...options, session }, copy);
  }
  store.close();
  await ledger.close();
  const timed = (name: string, values: number[], bare: number[]): Row => {
    const [value, baseline] = [median(values), median(bare)];
    return { name, value, unit: 'ms', baseline, ratio: value / baseline };
  };
  return [
    timed('append a turn, durable, head in the ledger, against a bare write and sync', appends, syncs),
    timed(`open a session of ${TURNS} turns, against a bare write and sync`, opens, syncs),
    timed(`end a session of ${TURNS} turns, against a bare overwrite and sync of a small file`, ends, overwrites),
    {
      name: `CPU within ${FREEING} ms after that, while the room of its turns is freed`,
      value: median(frees),
      unit: 'ms',
    },
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

/** The median of some small writes at the end of a file (`a`) or over its beginning (`r+`), each with its sync. */
function measureSync(path: string, flag: 'a' | 'r+'): number {
  const rounds = Array.from({ length: 31 }, () => {
    const start = performance.now();
    const file = openSync(path, flag);
    writeSync(file, new Uint8Array(flag === 'a' ? 512 : 79));
    fdatasyncSync(file);
    closeSync(file);
    return performance.now() - start;
  });
  return median(rounds);
}
