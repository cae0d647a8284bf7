import { lengthPrefixed, toHex } from '@cloister/core';
import type { KeyBroker, PrincipalClaims, RandomSource } from '@cloister/core';
import { tenancyError } from './errors.ts';
import { isOutdated, loadKeyRing } from './key-ring.ts';
import type { KeyRing, KeySource } from './key-ring.ts';

/** The key rings in memory: a bounded number, least recently used ones are zeroed. */
export interface KeyCache {
  /**
   * Runs `use` with the tenant's ring, loaded if need be. `use` runs in one go, so that nobody zeroes a key in use.
   * @param fresh asks the broker first whether the ring is still the newest
   * @throws CloisterError `ERR_TENANCY_CLOSED`, `ERR_TENANCY_SHREDDED`, what the broker throws
   */
  withRing<Result>(claims: PrincipalClaims, use: (ring: KeyRing) => Result, fresh?: boolean): Promise<Result>;
  /** Zeroes the tenant's ring; the next use loads it again. */
  drop(claims: PrincipalClaims): void;
  /** Where the tenant's keys come from. */
  source(claims: PrincipalClaims): KeySource;
  /** Zeroes everything for good. */
  close(): Promise<void>;
}

/** @param limit tenants at once */
export function createKeyCache(broker: KeyBroker, random: RandomSource, limit: number): KeyCache {
  const rings = new Map<string, Promise<KeyRing>>();
  let open = true;
  const source = (claims: PrincipalClaims): KeySource => ({ claims, broker, random });

  function discard(name: string): void {
    const ring = rings.get(name);
    rings.delete(name);
    ring?.then(
      (held) => held.zero(),
      () => {},
    );
  }

  function load(claims: PrincipalClaims): Promise<KeyRing> {
    if (!open) throw tenancyError('ERR_TENANCY_CLOSED');
    const name = nameOf(claims);
    const ring = rings.get(name) ?? loadKeyRing(source(claims));
    // Deleting first moves the ring to the end of the map: the order is that of use.
    rings.delete(name);
    rings.set(name, ring);
    // A broker that failed once may answer the next call.
    ring.catch(() => rings.get(name) === ring && rings.delete(name));
    const [oldest] = rings.keys();
    if (rings.size > limit && oldest !== undefined) discard(oldest);
    return ring;
  }

  return {
    source,
    async withRing(claims, use, fresh = false) {
      const held = await load(claims);
      if (fresh && (await isOutdated(source(claims), held))) discard(nameOf(claims));
      // A ring may be evicted between loading and use; it has left the map then, and the next turn loads another.
      for (;;) {
        const ring = await load(claims);
        if (ring.open) return use(ring);
      }
    },
    drop: (claims) => discard(nameOf(claims)),
    async close() {
      open = false;
      const ended = await Promise.allSettled(rings.values());
      rings.clear();
      for (const result of ended) if (result.status === 'fulfilled') result.value.zero();
    },
  };
}

function nameOf({ issuer, tenant }: PrincipalClaims): string {
  return toHex(lengthPrefixed(issuer, tenant));
}
