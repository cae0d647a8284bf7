import { createMint } from '@cloister/core';
import type { PrincipalClaims, Tenant } from '@cloister/core';
import { tenancyError } from './errors.ts';
import type { KeyCache } from './key-cache.ts';

/** What a tenant capability stands for. Stays within this package. */
export interface TenantContents {
  readonly claims: PrincipalClaims;
  readonly keys: KeyCache;
}

const mint = createMint<Tenant, TenantContents>();

/** Makes the capability. Not exported from the package: only `createTenancy` gets here. */
export function mintTenant(handle: Tenant, contents: TenantContents): Tenant {
  return mint.mint(handle, contents);
}

/** @throws CloisterError `ERR_TENANCY_NOT_A_TENANT` on a copy, a cast or anything else */
export function tenantContents(tenant: Tenant): TenantContents {
  const contents = mint.resolve(tenant);
  if (contents === undefined) throw tenancyError('ERR_TENANCY_NOT_A_TENANT');
  return contents;
}

/**
 * The claims of the principal that a tenant capability acts for.
 * @throws CloisterError `ERR_TENANCY_NOT_A_TENANT` on a copy, a cast or anything else (DESIGN 6.3)
 */
export function tenantClaims(tenant: Tenant): PrincipalClaims {
  return tenantContents(tenant).claims;
}
