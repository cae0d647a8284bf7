import { sha256, systemClock, utf8 } from '@cloister/core';
import type { Clock, Principal } from '@cloister/core';
import { findApiKey } from './create-api-key-directory.ts';
import type { ApiKeyDirectory } from './create-api-key-directory.ts';
import { tenancyError } from './errors.ts';
import { mintPrincipal } from './principal.ts';

const API_KEY = /^ck_[A-Za-z0-9_-]{43}$/;

/**
 * Turns credentials into a principal (DESIGN 6.3). An unknown, an expired and a malformed key give the same answer.
 * @throws CloisterError `ERR_TENANCY_UNAUTHENTICATED`
 */
export async function verifyPrincipal(
  credentials: { readonly apiKey: string },
  directory: ApiKeyDirectory,
  options: { readonly clock?: Clock } = {},
): Promise<Principal> {
  const { apiKey } = credentials;
  if (typeof apiKey !== 'string' || !API_KEY.test(apiKey)) throw tenancyError('ERR_TENANCY_UNAUTHENTICATED');
  const claims = findApiKey(directory, sha256(utf8(apiKey)), (options.clock ?? systemClock).now());
  if (claims === undefined) throw tenancyError('ERR_TENANCY_UNAUTHENTICATED');
  return mintPrincipal(claims);
}
