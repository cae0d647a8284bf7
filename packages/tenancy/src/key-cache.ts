import { lengthPrefixed, toHex } from '@cloister/core';
import type { KeyBroker, PrincipalClaims, RandomSource } from '@cloister/core';
import { tenancyError } from './errors.ts';
import { isOutdated, loadKeyRing } from './key-ring.ts';
import type { KeyRing, KeySource } from './key-ring.ts';

/** The key rings in memory: a bounded number, least recently used ones are zeroed. */
export interface KeyCache {
  /**
   * Runs `use` with the tenant's ring, loaded if need be; it is not zeroed meanwhile unless the cache is closed.
   * @param fresh asks the broker first whether the ring is still the newest
   * @throws CloisterError `ERR_TENANCY_CLOSED`, `ERR_TENANCY_SHREDDED`, what the broker throws
   */
  withRing<Result>(
    claims: PrincipalClaims,
    use: (ring: KeyRing) => Result | Promise<Result>,
    fresh?: boolean,
  ): Promise<Result>;
  /** Zeroes the tenant's ring; the next use loads it again. */
  drop(claims: PrincipalClaims): void;
  /** Where the tenant's keys come from. */
  source(claims: PrincipalClaims): KeySource;
  /** Zeroes everything for good. */
  close(): Promise<void>;
}

/** A ring with those who use it: one that has left the cache is zeroed when the last of them is done. */
interface Held {
  readonly ring: Promise<KeyRing>;
  users: number;
  discarded: boolean;
}

/** @param limit tenants at once, besides those in use */
export function createKeyCache(broker: KeyBroker, random: RandomSource, limit: number): KeyCache {
  const rings = new Map<string, Held>();
  let open = true;
  const source = (claims: PrincipalClaims): KeySource => ({ claims, broker, random });

  function discard(name: string): void {
    const held = rings.get(name);
    rings.delete(name);
    if (held === undefined) return;
    held.discarded = true;
    if (held.users === 0) zeroRing(held);
  }

  function hold(claims: PrincipalClaims): Held {
    if (!open) throw tenancyError('ERR_TENANCY_CLOSED');
    const name = nameOf(claims);
    const held = rings.get(name) ?? { ring: loadKeyRing(source(claims)), users: 0, discarded: false };
    // Deleting first moves the ring to the end of the map: the order is that of use.
    rings.delete(name);
    rings.set(name, held);
    // A broker that failed once may answer the next call.
    held.ring.catch(() => rings.get(name) === held && rings.delete(name));
    const [oldest] = rings.keys();
    if (rings.size > limit && oldest !== undefined) discard(oldest);
    return held;
  }

  async function withHeld<Result>(
    claims: PrincipalClaims,
    use: (ring: KeyRing) => Result | Promise<Result>,
  ): Promise<Result> {
    const held = hold(claims);
    held.users++;
    try {
      return await use(await held.ring);
    } finally {
      held.users--;
      if (held.discarded && held.users === 0) zeroRing(held);
    }
  }

  return {
    source,
    async withRing(claims, use, fresh = false) {
      if (fresh && (await withHeld(claims, (ring) => isOutdated(source(claims), ring)))) discard(nameOf(claims));
      return withHeld(claims, use);
    },
    drop: (claims) => discard(nameOf(claims)),
    async close() {
      open = false;
      const ended = await Promise.allSettled([...rings.values()].map(({ ring }) => ring));
      rings.clear();
      for (const result of ended) if (result.status === 'fulfilled') result.value.zero();
    },
  };
}

function zeroRing({ ring }: Held): void {
  ring.then(
    (loaded) => loaded.zero(),
    () => {},
  );
}

function nameOf({ issuer, tenant }: PrincipalClaims): string {
  return toHex(lengthPrefixed(issuer, tenant));
}
