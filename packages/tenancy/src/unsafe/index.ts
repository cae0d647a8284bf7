import type { Principal, PrincipalClaims } from '@cloister/core';
import { mintPrincipal } from '../principal.ts';

/**
 * A principal on the app's own word: nobody verified that the caller is who the claims say. For apps that authenticate
 * callers by other means, and for tests.
 * @throws CloisterError `ERR_TENANCY_CLAIMS` when the claims are malformed
 */
export function assertPrincipal(claims: PrincipalClaims): Principal {
  return mintPrincipal(claims);
}
