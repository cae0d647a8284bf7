import type { PrincipalClaims } from '@cloister/core';
import { deriveEngineSalt } from '@cloister/session';
import { gatewayError } from '../errors.ts';
import type { EngineAccess } from '../engine/engine-access.ts';
import type { CacheHeaders } from '../sealed/parse-sealed-headers.ts';

/**
 * The salt that the engine gets (DESIGN 6.6): a keyed hash of the scope, of who the verified caller is, and of the
 * caller's own salt. Two principals can never meet in the cache unless the scope says so, whatever salts they send.
 * @throws ERR_GATEWAY_SALT_MISSING, ERR_GATEWAY_SCOPE_REFUSED
 */
export function createEngineSalt(
  context: Pick<EngineAccess, 'config' | 'cacheKey'>,
  claims: PrincipalClaims,
  cache: CacheHeaders,
): string {
  const { scope, salt } = cache;
  if (salt === undefined) throw gatewayError('ERR_GATEWAY_SALT_MISSING');
  if (!context.config.cacheScopes.includes(scope)) throw gatewayError('ERR_GATEWAY_SCOPE_REFUSED');
  return deriveEngineSalt({ key: context.cacheKey, scope, owner: ownerOf(claims, cache), salt });
}

function ownerOf(claims: PrincipalClaims, { scope, group }: CacheHeaders): readonly string[] {
  const organisation = [claims.issuer, claims.tenant];
  if (scope === 'tenant') return organisation;
  if (scope !== 'group') return [...organisation, claims.subject];
  if (group === undefined || !claims.groups.includes(group)) throw gatewayError('ERR_GATEWAY_SCOPE_REFUSED');
  return [...organisation, group];
}
