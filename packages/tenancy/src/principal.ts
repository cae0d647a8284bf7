import { createMint } from '@cloister/core';
import type { Principal, PrincipalClaims } from '@cloister/core';
import { claimsSchema } from './claims.ts';
import { tenancyError } from './errors.ts';

const mint = createMint<Principal, PrincipalClaims>();

/**
 * Turns checked claims into a principal. Not exported from the package: only `verifyPrincipal` and the `unsafe` path
 * get here.
 * @throws CloisterError `ERR_TENANCY_CLAIMS`
 */
export function mintPrincipal(claims: unknown): Principal {
  const { data } = claimsSchema.safeParse(claims);
  if (data === undefined) throw tenancyError('ERR_TENANCY_CLAIMS');
  const frozen = Object.freeze({
    ...data,
    groups: Object.freeze([...data.groups]),
    compartments: Object.freeze([...data.compartments]),
  });
  // A handle of its own, so that what it shows and what it stands for are separate objects.
  return mint.mint({ ...frozen } as Principal, frozen);
}

/**
 * What a principal stands for.
 * @throws CloisterError `ERR_TENANCY_NOT_A_PRINCIPAL` on a copy, a cast or anything else (DESIGN 6.3)
 */
export function principalClaims(principal: Principal): PrincipalClaims {
  const claims = mint.resolve(principal);
  if (claims === undefined) throw tenancyError('ERR_TENANCY_NOT_A_PRINCIPAL');
  return claims;
}
