import { lengthPrefixed, systemRandom, toHex } from '@cloister/core';
import type { KeyBroker, Principal, PrincipalClaims, RandomSource, Tenant } from '@cloister/core';
import { tenancyError } from './errors.ts';
import { principalClaims } from './principal.ts';
import { loadTenantRoots } from './tenant-roots.ts';
import type { TenantRoots } from './tenant-roots.ts';
import { mintTenant } from './tenant.ts';

/** Hands out tenant capabilities and holds the tenants' roots in memory while open. */
export interface Tenancy {
  /**
   * The right to work with the data of the principal's tenant. Makes the tenant's keys on first use.
   * @throws CloisterError `ERR_TENANCY_NOT_A_PRINCIPAL` on a copy or cast, `ERR_TENANCY_CLOSED`, or what the broker says
   */
  tenant(principal: Principal): Promise<Tenant>;
  /** Zeroes all roots; capabilities given out derive nothing any more. */
  close(): Promise<void>;
}

/**
 * A tenancy over a key broker (DESIGN 6.3). A tenant is its issuer and its name together.
 * @param options.random 32 random bytes per new root; the platform's generator unless given
 */
export function createTenancy(options: { readonly broker: KeyBroker; readonly random?: RandomSource }): Tenancy {
  const { broker, random = systemRandom } = options;
  const loaded = new Map<string, Promise<TenantRoots>>();
  let open = true;

  function roots(claims: PrincipalClaims): Promise<TenantRoots> {
    const name = toHex(lengthPrefixed(claims.issuer, claims.tenant));
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const loading = loadTenantRoots(claims, broker, random);
    loaded.set(name, loading);
    // A broker that failed once may answer the next call.
    loading.catch(() => loaded.delete(name));
    return loading;
  }

  return {
    async tenant(principal) {
      const claims = principalClaims(principal);
      if (!open) throw tenancyError('ERR_TENANCY_CLOSED');
      return mintTenant({ principal } as Tenant, { claims, roots: await roots(claims) });
    },
    async close() {
      open = false;
      const ended = await Promise.allSettled(loaded.values());
      loaded.clear();
      for (const result of ended) if (result.status === 'fulfilled') result.value.close();
    },
  };
}
