import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { sqliteMemory, type SqliteMemory } from './sqlite-memory.ts';

const directory = mkdtempSync(join(tmpdir(), 'cloister-turns-'));
afterAll(() => rmSync(directory, { recursive: true }));

let counter = 0;
const fresh = (): string => join(directory, `${counter++}.db`);
const FAR = Date.now() + 1e9;

async function fill(store: SqliteMemory, name: string, turns: number, expires = FAR): Promise<void> {
  expect(await store.put(name, Uint8Array.of(1), expires)).toBe(true);
  for (let turn = 1; turn <= turns; turn++) await store.append(name, turn, Uint8Array.of(turn & 255), expires);
}

/** Rows in the file, as somebody else reads it. */
function count(path: string): { turns: number; sessions: number } {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = (table: string): number => Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']);
  const counted = { turns: rows('turns'), sessions: rows('sessions') };
  database.close();
  return counted;
}

async function until(path: string, turns: number): Promise<void> {
  for (let tries = 0; count(path).turns !== turns && tries < 400; tries++) await sleep(10);
  expect(count(path).turns).toBe(turns);
}

describe('sqliteMemory', () => {
  it('forgets a session at once and frees all of its room afterwards, and of no other', async () => {
    const path = fresh();
    const store = sqliteMemory(path);
    for (const name of ['before', 'ended', 'after']) await fill(store, name, name === 'ended' ? 520 : 3);
    await store.delete('ended');
    expect([await store.get('ended'), await store.list('ended')]).toEqual([undefined, []]);
    expect(await store.append('ended', 521, Uint8Array.of(1), FAR)).toBe(false);
    expect(count(path)).toEqual({ turns: 526, sessions: 3 }); // the control: nothing is freed yet
    await until(path, 6);
    expect(count(path).sessions).toBe(2);
    for (const name of ['before', 'after']) expect((await store.list(name)).map(([byte]) => byte)).toEqual([1, 2, 3]);
    await store.delete('ended');
    store.close();
  });

  it('lets a name be used again while the room of the former is freed', async () => {
    const store = sqliteMemory(fresh());
    await fill(store, 'name', 60);
    await store.delete('name');
    await fill(store, 'name', 2);
    await sleep(50);
    expect((await store.list('name')).map(([byte]) => byte)).toEqual([1, 2]);
    store.close();
  });

  it('frees what a process that ended too early left to the next that opens the file', async () => {
    const path = fresh();
    const store = sqliteMemory(path);
    await fill(store, 'ended', 70);
    await store.delete('ended');
    store.close();
    await sleep(30);
    expect(count(path).turns).toBe(70);
    const next = sqliteMemory(path);
    await until(path, 0);
    next.close();
  });

  it('forgets what is over when the file is opened and when a session begins, and nothing before', async () => {
    const path = fresh();
    let now = 1000;
    const store = sqliteMemory(path, { now: () => now });
    await fill(store, 'short', 2, 2000);
    await fill(store, 'long', 2, 3000);
    now = 1999;
    await fill(store, 'other', 0, 9000);
    await sleep(30);
    expect(count(path)).toEqual({ turns: 4, sessions: 3 });
    now = 2000;
    await fill(store, 'another', 0, 9000);
    await until(path, 2);
    expect(await store.get('short')).toBeUndefined();
    store.close();
    now = 3000;
    const next = sqliteMemory(path, { now: () => now });
    await until(path, 0);
    expect(await next.get('other')).toEqual(Uint8Array.of(1));
    next.close();
  });
});
