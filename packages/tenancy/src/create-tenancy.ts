import { systemClock, systemRandom } from '@cloister/core';
import type { Clock, KeyBroker, Principal, RandomSource, Signer, Tenant } from '@cloister/core';
import { keyVersions } from './derive-subkey.ts';
import { tenancyError } from './errors.ts';
import { createKeyCache } from './key-cache.ts';
import { addDataRoot, destroyDataRoot } from './key-ring.ts';
import type { KeyVersion } from './key-ring.ts';
import { principalClaims } from './principal.ts';
import { shredTenant } from './shred-tenant.ts';
import type { ShredReceipt } from './shred-tenant.ts';
import { mintTenant, tenantContents } from './tenant.ts';

/** Hands out tenant capabilities and holds the tenants' roots in memory while open. */
export interface Tenancy {
  /**
   * The right to work with the data of the principal's tenant. Makes the tenant's keys on first use.
   * @throws CloisterError `ERR_TENANCY_NOT_A_PRINCIPAL` on a copy or cast, `ERR_TENANCY_SHREDDED`, `ERR_TENANCY_CLOSED`,
   *   or what the broker says
   */
  tenant(principal: Principal): Promise<Tenant>;
  /**
   * Makes a new version of the tenant's data root: from now on it seals, and the older ones only open. No id moves,
   * because ids come from the index root. The retriever's `rotate` then seals a collection's records anew.
   */
  rotate(tenant: Tenant): Promise<readonly KeyVersion[]>;
  /**
   * Destroys an older version of the data root. To be called when no collection holds a record of it and no process
   * still seals with it: what it sealed cannot be opened again.
   * @throws CloisterError `ERR_TENANCY_KEY_ACTIVE`, `ERR_TENANCY_DERIVATION` when there is no such version
   */
  retire(tenant: Tenant, version: number): Promise<readonly KeyVersion[]>;
  /**
   * Destroys all keys of the tenant for good, in the broker and here; other processes find out at their next call.
   * May be repeated. Whether the caller may do so is the application's decision.
   * @param options.signer signs the receipt: the audit log's key
   */
  shred(tenant: Tenant, options: { readonly signer: Signer }): Promise<ShredReceipt>;
  /** Zeroes all roots; capabilities given out derive nothing any more. */
  close(): Promise<void>;
}

/** What a tenancy is made of. */
export interface TenancyOptions {
  readonly broker: KeyBroker;
  /** 32 random bytes per new root; the platform's generator unless given. */
  readonly random?: RandomSource;
  /** Tenants whose roots are in memory at once; 1,000 unless said. The least recently used are zeroed. */
  readonly maxTenants?: number;
  readonly clock?: Clock;
}

/** A tenancy over a key broker (DESIGN 6.3). A tenant is its issuer and its name together. */
export function createTenancy(options: TenancyOptions): Tenancy {
  const { broker, random = systemRandom, maxTenants = 1000, clock = systemClock } = options;
  const keys = createKeyCache(broker, random, Math.max(1, maxTenants));
  return {
    async tenant(principal) {
      const claims = principalClaims(principal);
      await keys.withRing(claims, () => {});
      return mintTenant({ principal } as Tenant, { claims, keys });
    },
    async rotate(tenant) {
      const { claims } = tenantContents(tenant);
      const [active] = await keyVersions(tenant);
      await addDataRoot(keys.source(claims), (active?.version ?? 0) + 1);
      return keyVersions(tenant);
    },
    async retire(tenant, version) {
      const { claims } = tenantContents(tenant);
      const known = (await keyVersions(tenant)).find((one) => one.version === version);
      if (known === undefined) throw tenancyError('ERR_TENANCY_DERIVATION');
      if (known.state === 'active') throw tenancyError('ERR_TENANCY_KEY_ACTIVE');
      await destroyDataRoot(keys.source(claims), version);
      keys.drop(claims);
      return keyVersions(tenant);
    },
    async shred(tenant, { signer }) {
      const { claims } = tenantContents(tenant);
      keys.drop(claims);
      return shredTenant(keys.source(claims), signer, clock);
    },
    close: () => keys.close(),
  };
}
