import { systemClock, type Clock, type Ledger, type Tenant } from '@cloister/core';
import { destroySessionKey } from '@cloister/tenancy';
import type { MemoryStore } from './memory-store.ts';
import { openSessionHeads, type SessionHeads } from './session-heads.ts';

/** What a sweep needs; members of `MemoryOptions` serve. */
export interface SweepOptions {
  readonly store: MemoryStore;
  /** Where the heads of sessions are kept: only it knows, on the trusted side, which sessions there are. */
  readonly ledger: Ledger;
  readonly clock?: Clock;
}

/** Milliseconds for which a session is left alone when it is over: somebody may be storing a turn that was just in time. */
const GRACE = 60_000;

/** Milliseconds between the sweeps on the side. */
const EVERY = 3_600_000;

const sweptAt = new WeakMap<SessionHeads, number>();

/**
 * Ends the sessions of a tenant that are over and that nobody opens any more, whoever began them: destroys their keys, then
 * removes what store and ledger hold. `openMemory` does it on the side, once an hour at most; where sessions are seldom
 * opened, call it on a schedule.
 * @returns how many were ended
 * @throws what broker and ledger throw: the next sweep goes on
 */
export async function sweepMemory(tenant: Tenant, options: SweepOptions): Promise<number> {
  const { store, ledger, clock = systemClock } = options;
  return sweep(tenant, await openSessionHeads(tenant, ledger), store, clock.now());
}

/** Sweeps on the side unless somebody did within the hour. What fails there is left for the next sweep. */
export function sweepSometimes(tenant: Tenant, heads: SessionHeads, store: MemoryStore, now: number): void {
  if (now - (sweptAt.get(heads) ?? Number.NEGATIVE_INFINITY) >= EVERY)
    void sweep(tenant, heads, store, now).catch(() => {});
}

async function sweep(tenant: Tenant, heads: SessionHeads, store: MemoryStore, now: number): Promise<number> {
  sweptAt.set(heads, now);
  const over = await heads.expired(now - GRACE);
  for (const name of over) {
    await destroySessionKey(tenant, name);
    heads.forget(name);
    // A store that fails here keeps what nobody can open, and forgets what is over by itself.
    await store.delete(name).catch(() => {});
  }
  await heads.flush();
  return over.length;
}
