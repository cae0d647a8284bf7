import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEd25519Signer } from '@cloister/audit';
import { systemRandom, type Tenant } from '@cloister/core';
import { createTenancy, localBroker, localLedger } from '@cloister/tenancy';
import { assertPrincipal } from '@cloister/tenancy/unsafe';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { sqliteMemory } from '../sqlite/sqlite-memory.ts';
import type { MemoryOptions } from './memory-parts.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Memory } from './memory.ts';
import { openMemory } from './open-memory.ts';
import { sweepMemory } from './sweep-memory.ts';

const directory = mkdtempSync(join(tmpdir(), 'cloister-sweep-'));
const tenancy = createTenancy({ broker: localBroker(join(directory, 'keys'), { key: systemRandom(32) }) });
const signer = await createEd25519Signer(systemRandom(32));
const enter = (tenant: string, subject = 'dr-jones'): Promise<Tenant> =>
  tenancy.tenant(
    assertPrincipal({
      issuer: 'keys',
      tenant,
      subject,
      groups: [],
      clearance: 'restricted',
      compartments: [],
      purpose: 'treatment',
    }),
  );

const IDLE = 600_000;
const GRACE = 60_000;
let tenant: Tenant;
let options: MemoryOptions & Required<Pick<MemoryOptions, 'ledger'>>;
let now: number;
beforeAll(async () => {
  tenant = await enter('st-mary');
});
beforeEach(() => {
  now = 1_000_000_000;
  options = {
    store: sqliteMemory(':memory:', { now: () => 0 }),
    ledger: localLedger(':memory:'),
    signer,
    policy: 'v1',
    idleMilliseconds: IDLE,
    clock: { now: () => now },
  };
});
afterAll(async () => {
  await tenancy.close();
  rmSync(directory, { recursive: true });
});

const open = (more: Partial<MemoryOptions> = {}, entered: Tenant = tenant): Promise<Memory> =>
  openMemory(entered, { ...options, ...more });
const keys = (): number => readdirSync(join(directory, 'keys')).filter((name) => name.endsWith('.key')).length;
const say = (text: string) => ({ role: 'user', text, label: 'internal' }) as const;
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'opened',
    (error: unknown) => (error as { code: string }).code,
  );

it('destroys the keys of sessions that are over, whoever began them, and of no others', async () => {
  const colleague = await enter('st-mary', 'dr-smith');
  const stranger = await enter('st-john');
  const [ours, theirs, foreign, lasting] = [
    await open(),
    await open({}, colleague),
    await open({}, stranger),
    await open(),
  ];
  const before = keys();
  now += IDLE - 1;
  await lasting.append(say('still here'));
  now += 1 + GRACE - 1;
  expect(await sweepMemory(tenant, options)).toBe(0); // somebody may be storing a turn that was just in time
  now += 1;
  expect(await sweepMemory(tenant, options)).toBe(2);
  expect(keys()).toBe(before - 2);
  for (const [memory, entered] of [
    [ours, tenant],
    [theirs, colleague],
  ] as const)
    expect(await codeOf(open({ session: memory.session }, entered))).toBe('ERR_SESSION_UNKNOWN');
  expect((await open({ session: lasting.session })).turns()).toHaveLength(1);
  expect(await codeOf(open({ session: foreign.session }, stranger))).toBe('ERR_SESSION_EXPIRED');
  expect(await sweepMemory(tenant, options)).toBe(0);
});

it('is done on the side when a session is opened, once an hour', async () => {
  await open();
  now += IDLE + GRACE;
  const before = keys();
  await open();
  await expect.poll(keys).toBe(before + 1); // within the hour of the first opening: nothing goes, one comes
  now += 3_600_000;
  await open();
  await expect.poll(keys).toBe(before); // one comes, both that are over go
});

it('goes on where a store fails', async () => {
  await Promise.all([open(), open(), open()]);
  now += IDLE + GRACE;
  const before = keys();
  const deaf: MemoryStore = { ...options.store, delete: () => Promise.reject(new Error('no')) };
  expect(await sweepMemory(tenant, { ...options, store: deaf })).toBe(3);
  expect(keys()).toBe(before - 3);
});

it('is not needed for a session that could not begin: its key goes at once', async () => {
  await open();
  const before = keys();
  const broken = { ...options.store, put: () => Promise.reject(new Error('down')) };
  await expect(open({ store: broken })).rejects.toThrow('down');
  const full = { ...options.ledger, advance: () => Promise.reject(new Error('full')) };
  await expect(open({ ledger: full })).rejects.toThrow('full');
  expect(keys()).toBe(before);
});

it('leaves a session that the store forgot when it was over no attack, and before that one', async () => {
  const memory = await open();
  await memory.append(say('x'));
  const forgetful = { ...options.store, get: () => Promise.resolve(undefined) };
  const reopen = (): Promise<string> => codeOf(open({ session: memory.session, store: forgetful }));
  expect(await reopen()).toBe('ERR_SESSION_MEMORY_TAMPERED');
  now += IDLE;
  expect(await reopen()).toBe('ERR_SESSION_EXPIRED');
  expect(await reopen()).toBe('ERR_SESSION_UNKNOWN');
});

it('takes the heads of ended sessions along with the next that is written, and at the latest itself', async () => {
  const { ledger } = options;
  const heads = async (): Promise<number> => {
    const names = [...written];
    const deltas = await Promise.all(names.map((name) => ledger.read(name, 0)));
    return deltas.reduce((sum, { changes }) => sum + changes.put.length, 0);
  };
  const written = new Set<string>();
  const watching = {
    ...ledger,
    advance: (name: string, ...rest: [number, never]) => (written.add(name), ledger.advance(name, ...rest)),
  };
  const [first, second] = [await open({ ledger: watching }), await open({ ledger: watching })];
  await first.end();
  expect(await heads()).toBe(2);
  await second.append(say('x'));
  expect(await heads()).toBe(1);
  await second.end();
  await sweepMemory(tenant, { ...options, ledger: watching });
  expect(await heads()).toBe(0);
});
