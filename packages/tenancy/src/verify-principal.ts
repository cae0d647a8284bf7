import { sha256, systemClock, utf8 } from '@cloister/core';
import type { Clock, Principal } from '@cloister/core';
import { findApiKey } from './create-api-key-directory.ts';
import type { ApiKeyDirectory } from './create-api-key-directory.ts';
import { tenancyError } from './errors.ts';
import type { JwtIssuer } from './jwt/create-jwt-issuer.ts';
import { verifyJwt } from './jwt/verify-jwt.ts';
import { mintPrincipal } from './principal.ts';

const API_KEY = /^ck_[A-Za-z0-9_-]{43}$/;

/** Who somebody says to be: one of the two. */
export type Credentials = { readonly apiKey: string } | { readonly jwt: string };

/**
 * Turns credentials into a principal (DESIGN 6.3): an API key by its directory, a JSON Web Token by its issuer. Whatever
 * is wrong with them, the answer is the same.
 * @throws CloisterError `ERR_TENANCY_UNAUTHENTICATED`, `ERR_TENANCY_KEY_SET` when an issuer's keys cannot be had,
 *   `ERR_TENANCY_DIRECTORY` or `ERR_TENANCY_ISSUER` when the authority is not one of ours
 */
export async function verifyPrincipal<Given extends Credentials>(
  credentials: Given,
  authority: Given extends { readonly jwt: string } ? JwtIssuer : ApiKeyDirectory,
  options: { readonly clock?: Clock } = {},
): Promise<Principal> {
  if ('jwt' in credentials) return verifyJwt(credentials.jwt, authority as JwtIssuer, options.clock);
  return verifyApiKey(credentials.apiKey, authority as ApiKeyDirectory, options.clock ?? systemClock);
}

function verifyApiKey(apiKey: unknown, directory: ApiKeyDirectory, clock: Clock): Principal {
  if (typeof apiKey !== 'string' || !API_KEY.test(apiKey)) throw tenancyError('ERR_TENANCY_UNAUTHENTICATED');
  const claims = findApiKey(directory, sha256(utf8(apiKey)), clock.now());
  if (claims === undefined) throw tenancyError('ERR_TENANCY_UNAUTHENTICATED');
  return mintPrincipal(claims);
}
