import { mkdtempSync, rmSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEd25519Signer } from '@cloister/audit';
import { systemRandom, type PrincipalClaims, type Tenant } from '@cloister/core';
import { createTenancy, localBroker, localLedger } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSession } from '../create-session.ts';
import { redisMemory } from '../redis/redis-memory.ts';
import { sqliteMemory } from '../sqlite/sqlite-memory.ts';
import type { MemoryOptions } from './memory-parts.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Memory } from './memory.ts';
import { openMemory } from './open-memory.ts';
import { verifySessionEnd } from './session-end.ts';
import type { Turn } from './turn.ts';

const claims: PrincipalClaims = {
  issuer: 'keys',
  tenant: 'st-mary',
  subject: 'dr-jones',
  groups: [],
  clearance: 'restricted',
  compartments: [],
  purpose: 'treatment',
};
const directory = mkdtempSync(join(tmpdir(), 'cloister-memory-'));
const tenancy = createTenancy({ broker: localBroker(join(directory, 'keys'), { key: systemRandom(32) }) });
const ledger = localLedger(join(directory, 'ledger.db'));
const signer = await createEd25519Signer(systemRandom(32));
const redisUrl = process.env['CLOISTER_REDIS_URL'];
const redis = redisUrl === undefined ? undefined : new Redis(redisUrl, { maxRetriesPerRequest: 1 });

let tenant: Tenant;
let now: number;
beforeAll(async () => {
  tenant = await tenancy.tenant(assertPrincipal(claims));
});
beforeEach(() => {
  now = Date.now();
});
afterAll(async () => {
  redis?.disconnect();
  await ledger.close();
  await tenancy.close();
  rmSync(directory, { recursive: true });
});

const say = (text: string): Omit<Turn, 'at'> => ({ role: 'user', text, label: 'restricted' });
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'opened',
    (error: unknown) => (error as { code: string }).code,
  );

/** A store whose turns can be changed, as its operator could. */
function tampering(
  store: MemoryStore,
): MemoryStore & { change: (sealed: readonly Uint8Array[]) => readonly Uint8Array[] } {
  const changed = {
    ...store,
    change: (sealed: readonly Uint8Array[]) => sealed,
    list: async (name: string) => changed.change(await store.list(name)),
  };
  return changed;
}

// Redis takes part with CLOISTER_REDIS_URL.
const stores: readonly (readonly [string, () => MemoryStore])[] = [
  ['a file', () => sqliteMemory(join(directory, `${crypto.randomUUID()}.db`))],
  ['memory', () => sqliteMemory(':memory:')],
  ...(redis === undefined ? [] : [['Redis', () => redisMemory(redis)] as const]),
];

describe.each(stores)('memory in %s', (_, fresh) => {
  const open = (store: MemoryStore, more: Partial<MemoryOptions> = {}): Promise<Memory> =>
    openMemory(tenant, { store, signer, policy: 'v1', ledger, clock: { now: () => now }, ...more });

  it('remembers turns in order, across openings', async () => {
    const store = fresh();
    const first = await open(store);
    await Promise.all(['one', 'two 🙂', 'three'.repeat(3000)].map((text) => first.append(say(text))));
    const again = await open(store, { session: first.session });
    expect(again.turns()).toEqual(first.turns());
    expect(again.turns().map(({ text }) => text.slice(0, 7))).toEqual(['one', 'two 🙂', 'threeth']);
    expect(again.rollback).toBe('checked');
    await again.append({ role: 'tool', text: '{"dose":5}', label: 'internal' });
    expect((await open(store, { session: first.session })).turns().at(-1)).toMatchObject({ role: 'tool' });
    await again.end();
  });

  it('keeps nothing readable, in sizes of four kinds', async () => {
    const store = fresh();
    const seen: Uint8Array[] = [];
    const watching: MemoryStore = {
      ...store,
      append: (name, number, sealed, expires) => {
        seen.push(sealed);
        return store.append(name, number, sealed, expires);
      },
    };
    const memory = await open(watching);
    for (const length of [1, 500, 900, 2000, 10_000, 50_000, 80_000])
      await memory.append(say('CANARY'.repeat(length / 6 + 1)));
    expect(seen.map(({ length }) => (length - 40) / 1024)).toEqual([1, 1, 1, 4, 16, 64, 128]);
    for (const sealed of seen) expect(Buffer.from(sealed).includes('CANARY')).toBe(false);
    await memory.end();
  });

  const attacks: readonly (readonly [
    string,
    (sealed: readonly Uint8Array[], other: readonly Uint8Array[]) => readonly Uint8Array[],
  ])[] = [
    ['swapped', ([a, b, ...rest]) => [b, a, ...rest] as Uint8Array[]],
    ['dropped first', ([, ...rest]) => rest],
    ['dropped in the middle', (all) => all.toSpliced(2, 1)],
    ['reordered', (all) => all.toReversed()],
    ['truncated by one', (all) => all.slice(0, -1)],
    ['truncated to nothing', () => []],
    ['repeated', (all) => [...all, ...all.slice(-1)]],
    ['of another session', (all, other) => all.with(2, other[2] as Uint8Array)],
    ['emptied', (all) => all.with(1, new Uint8Array(0))],
  ];
  it.each(attacks)('refuses turns that are %s', async (_name, attack) => {
    const store = tampering(fresh());
    const [memory, stranger] = [await open(store), await open(store)];
    for (let turn = 0; turn < 5; turn++) {
      await memory.append(say(`turn ${turn}`));
      await stranger.append(say(`turn ${turn}`));
    }
    const { session } = memory;
    expect(await codeOf(open(store, { session }))).toBe('opened'); // the control
    const lists: (readonly Uint8Array[])[] = [];
    store.change = (sealed) => {
      lists.push(sealed);
      return sealed;
    };
    await open(store, { session: stranger.session });
    store.change = (sealed) => attack(sealed, lists[0] ?? []);
    expect(await codeOf(open(store, { session }))).toMatch(/^ERR_SESSION_MEMORY_(TAMPERED|ROLLED_BACK)$/);
    store.change = (sealed) => sealed;
    await Promise.all([memory.end(), stranger.end()]);
  });

  it('refuses every changed byte, and every change of place', async () => {
    const store = tampering(fresh());
    const memory = await open(store);
    await memory.append(say('x'));
    const { session } = memory;
    for (let at = 0; at < 1064; at += 13) {
      store.change = ([sealed = new Uint8Array(0)]) => [sealed.map((byte, index) => (index === at ? byte ^ 1 : byte))];
      expect(await codeOf(open(store, { session }))).toBe('ERR_SESSION_MEMORY_TAMPERED');
    }
    store.change = (sealed) => sealed;
    expect(await codeOf(open(store, { session, policy: 'v2' }))).toBe('ERR_SESSION_MEMORY_TAMPERED');
    const stranger = await tenancy.tenant(assertPrincipal({ ...claims, tenant: 'st-john' }));
    const colleague = await tenancy.tenant(assertPrincipal({ ...claims, subject: 'dr-smith' }));
    for (const other of [stranger, colleague])
      expect(await codeOf(openMemory(other, { store, signer, policy: 'v1', session }))).toBe('ERR_SESSION_UNKNOWN');
    await memory.end();
  });

  it('notices an older state of the store with a ledger, and says so without one', async () => {
    const store = tampering(fresh());
    const memory = await open(store);
    for (let turn = 0; turn < 8; turn++) await memory.append(say(`turn ${turn}`));
    const { session } = memory;
    for (let length = 0; length < 8; length++) {
      store.change = (sealed) => sealed.slice(0, length);
      expect(await codeOf(open(store, { session }))).toBe('ERR_SESSION_MEMORY_ROLLED_BACK');
    }
    const blind = await openMemory(tenant, { store, signer, policy: 'v1', session });
    expect([blind.rollback, blind.turns().length]).toEqual(['not-detected', 7]);
    await memory.end();
  });

  it('takes a turn whose writer ended before the ledger knew it, and then no other past', async () => {
    const store = tampering(fresh());
    const memory = await open(store);
    await memory.append(say('known'));
    const blind = await openMemory(tenant, { store, signer, policy: 'v1', session: memory.session });
    await blind.append(say('stored, not told'));
    const { session } = memory;
    expect((await open(store, { session })).turns().length).toBe(2);
    store.change = (sealed) => sealed.slice(0, 1);
    expect(await codeOf(open(store, { session }))).toBe('ERR_SESSION_MEMORY_ROLLED_BACK');
    store.change = (sealed) => sealed;
    expect(await codeOf(memory.append(say('behind')))).toBe('ERR_SESSION_MEMORY_CONFLICT');
    await memory.end();
  });

  it('knows the heads of many sessions that are written and ended at once', async () => {
    const store = fresh();
    const memories = await Promise.all(Array.from({ length: 12 }, () => open(store)));
    await Promise.all(memories.flatMap((memory) => ['a', 'b'].map((text) => memory.append(say(text)))));
    const [first, ...others] = memories;
    await Promise.all([first?.end(), ...others.map(({ session }) => open(store, { session }))]);
    for (const { session } of others) expect((await open(store, { session })).turns().length).toBe(2);
    await Promise.all(others.map((memory) => memory.end()));
  });

  it('ends with a receipt, after which nothing opens', async () => {
    const store = fresh();
    const cache = await createSession(tenant, { model: 'm', identity: new Uint8Array(32) });
    const memory = await open(store, { cache });
    await memory.append(say('x'));
    const receipt = await memory.end();
    expect(await verifySessionEnd(receipt, signer.publicKey)).toMatchObject({
      turns: 1,
      reason: 'ended',
      erased: ['session-key', 'cache-secret'],
      removed: true,
      unreachable: ['turns', 'cache-blocks'],
    });
    expect(await memory.end()).toBe(receipt);
    expect(() => cache.salt()).toThrow(expect.objectContaining({ code: 'ERR_SESSION_ENDED' }));
    expect(() => memory.turns()).toThrow(expect.objectContaining({ code: 'ERR_SESSION_ENDED' }));
    expect(await codeOf(memory.append(say('y')))).toBe('ERR_SESSION_ENDED');
    expect(await codeOf(open(store, { session: memory.session }))).toBe('ERR_SESSION_UNKNOWN');
    const forged = { ...receipt, statement: receipt.statement.replace('"turns":1', '"turns":0') };
    expect(await codeOf(verifySessionEnd(forged, signer.publicKey))).toBe('ERR_SESSION_RECEIPT');
  });

  it('says when the store does not remove, and ends all the same', async () => {
    const store = fresh();
    const memory = await open({ ...store, delete: () => Promise.reject(new Error('no')) });
    await memory.append(say('x'));
    expect(await verifySessionEnd(await memory.end(), signer.publicKey)).toMatchObject({ removed: false });
    expect(await codeOf(open(store, { session: memory.session }))).toBe('ERR_SESSION_UNKNOWN');
  });

  it('is over when idle, and in any case after its time', async () => {
    const store = fresh();
    const lives = { idleMilliseconds: 60_000, absoluteMilliseconds: 100_000 };
    const [idle, old] = [await open(store, lives), await open(store, lives)];
    now += 59_999;
    expect(idle.turns()).toEqual([]);
    await old.append(say('still here'));
    now += 1;
    expect(() => idle.turns()).toThrow(expect.objectContaining({ code: 'ERR_SESSION_EXPIRED' }));
    expect(await codeOf(open(store, { ...lives, session: idle.session }))).toMatch(/EXPIRED|UNKNOWN|TAMPERED/);
    expect(old.turns().length).toBe(1);
    now += 40_000;
    expect(await codeOf(old.append(say('too late')))).toBe('ERR_SESSION_EXPIRED');
    expect(await codeOf(open(store, { ...lives, session: old.session }))).toBe('ERR_SESSION_UNKNOWN');
  });

  it('refuses turns that are no turns', async () => {
    const memory = await open(fresh());
    for (const turn of [
      say('x'.repeat(1_050_000)),
      say('\ud800'),
      { ...say('x'), role: 'system' },
      { ...say('x'), more: 1 },
    ])
      expect(await codeOf(memory.append(turn as Omit<Turn, 'at'>))).toBe('ERR_SESSION_MEMORY_TURN');
    await memory.append(say(''));
    expect(memory.turns().length).toBe(1);
    await memory.end();
  });
});

it('is closed at once when its broker fails, and ends when that answers again', async () => {
  const broker = localBroker(join(directory, 'failing'), { key: systemRandom(32) });
  let fails = true;
  const flaky = {
    ...broker,
    destroy: (name: string) => (fails ? Promise.reject(new Error('down')) : broker.destroy(name)),
  };
  const other = createTenancy({ broker: flaky });
  const memory = await openMemory(await other.tenant(assertPrincipal(claims)), {
    store: sqliteMemory(':memory:'),
    signer,
    policy: 'v1',
  });
  await memory.append(say('x'));
  await expect(memory.end()).rejects.toThrow('down');
  expect(await codeOf(memory.append(say('y')))).toBe('ERR_SESSION_ENDED');
  expect(() => memory.turns()).toThrow(expect.objectContaining({ code: 'ERR_SESSION_ENDED' }));
  fails = false;
  expect(await verifySessionEnd(await memory.end(), signer.publicKey)).toMatchObject({ turns: 1 });
  await other.close();
});

describe('a copy of the store', () => {
  it('opens before the end of the session and never after it', async () => {
    const path = join(directory, 'live.db');
    const store = sqliteMemory(path);
    const memory = await openMemory(tenant, { store, signer, policy: 'v1' });
    for (let turn = 0; turn < 50; turn++) await memory.append(say(`turn ${turn}`));
    const { session } = memory;
    store.close();
    copyFileSync(path, join(directory, 'copy.db'));
    const copy = sqliteMemory(join(directory, 'copy.db'));
    const opened = await openMemory(tenant, { store: copy, signer, policy: 'v1', session });
    expect(opened.turns().length).toBe(50); // the control: the copy is good
    await openMemory(tenant, { store: sqliteMemory(path), signer, policy: 'v1', session }).then((live) => live.end());
    expect(await codeOf(openMemory(tenant, { store: copy, signer, policy: 'v1', session }))).toBe(
      'ERR_SESSION_UNKNOWN',
    );
  });

  it('is refused when it is no store of ours', () => {
    expect(() => sqliteMemory(join(directory, 'ledger.db'))).toThrow(
      expect.objectContaining({ code: 'ERR_SESSION_STORE' }),
    );
  });
});
