import type { PrincipalClaims } from '@cloister/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEngineGate, type EngineGate, type EnginePlace } from './engine-gate.ts';

const claims = (tenant: string): PrincipalClaims => ({
  issuer: 'i',
  tenant,
  subject: 's',
  groups: [],
  clearance: 'public',
  compartments: [],
  purpose: 'p',
});
const settings = { least: 1, most: 10, waiting: 6, waitMilliseconds: 1000, lateMilliseconds: 100 };
const { signal } = new AbortController();

describe('a gate in front of an engine', () => {
  let now: number;
  let gate: EngineGate;
  const open = (change: Partial<typeof settings> = {}): void => {
    now = 1000;
    gate = createEngineGate({ ...settings, ...change }, { now: () => now });
  };
  beforeEach(() => {
    vi.useFakeTimers();
    open();
  });
  afterEach(() => vi.useRealTimers());

  const enter = (tenant = 'a'): Promise<EnginePlace> => gate.enter(claims(tenant), signal);
  const fill = (count: number): Promise<EnginePlace[]> => Promise.all(Array.from({ length: count }, () => enter()));
  /** Asks for each tenant in turn; tells who was let in, in that order. */
  const line = (...tenants: string[]): string[] => {
    const order: string[] = [];
    for (const tenant of tenants)
      enter(tenant).then(
        () => order.push(tenant),
        () => order.push(`${tenant} refused`),
      );
    return order;
  };
  const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

  it('lets no more in than the limit, and gives places on', async () => {
    const places = await fill(10);
    const order = line('b');
    await settle();
    expect([gate.running, gate.waiting, order]).toEqual([10, 1, []]);
    places[0]?.leave();
    places[0]?.leave();
    await settle();
    expect([gate.running, gate.waiting, order]).toEqual([10, 0, ['b']]);
  });

  it('gives way when the engine is busy or late, once for those on their way, and comes back slowly', async () => {
    const places = await fill(10);
    now += 10;
    places[0]?.refused();
    expect(gate.limit).toBe(7);
    places[1]?.refused();
    expect(gate.limit).toBe(7);
    now += 101;
    places[2]?.began();
    expect(gate.limit).toBe(7);
    for (const place of places) place.leave();
    const next = await fill(7);
    now += 101;
    next[0]?.began();
    expect(gate.limit).toBe(4);
    for (const place of next) place.leave();
    for (let round = 0; round < 2; round++) {
      const more = await fill(4);
      now += 1;
      for (const place of more) place.began();
      for (const place of more) place.leave();
    }
    expect(gate.limit).toBe(5);
  });

  it('never goes below the least, and learns nothing from a limit that was not reached', async () => {
    open({ least: 3 });
    for (let round = 0; round < 10; round++) {
      const place = await enter();
      now += 1;
      place.refused();
      place.leave();
    }
    expect(gate.limit).toBe(3);
    for (let round = 0; round < 50; round++) {
      const place = await enter();
      place.answered();
      place.leave();
    }
    expect(gate.limit).toBe(3);
  });

  it('takes tenants in turns, however much one of them asks', async () => {
    open({ most: 2 });
    const places = await Promise.all([enter('a'), enter('a')]);
    const order = line('a', 'a', 'a', 'b', 'c', 'b');
    await settle();
    places[0]?.leave();
    await settle();
    // One of a still runs, so that b comes before it; when that one has left, a runs nothing and has waited longest.
    expect(order).toEqual(['b']);
    places[1]?.leave();
    await settle();
    expect(order).toEqual(['b', 'a']);
  });

  it('refuses the newest of the longest line when too many wait', async () => {
    open({ most: 1 });
    await enter('a');
    const order = line('a', 'a', 'a', 'a', 'a', 'a', 'a', 'b', 'b', 'b', 'b');
    await settle();
    expect(gate.waiting).toBe(6);
    expect(order).toEqual(['a refused', 'a refused', 'a refused', 'a refused', 'b refused']);
  });

  it('lets nobody wait longer than it says, and nobody who has gone', async () => {
    open({ most: 1 });
    const place = await enter();
    const gone = new AbortController();
    const left = gate.enter(claims('b'), gone.signal);
    gone.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    const late = enter('b').catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await late).toMatchObject({ code: 'ERR_GATEWAY_ENGINE_BUSY', detail: { retryAfter: 1 } });
    expect(gate.waiting).toBe(0);
    place.leave();
    expect(gate.running).toBe(0);
    await expect(gate.enter(claims('b'), AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });
});
