import { hmacSha256, lengthPrefixed, toBase64url } from '@cloister/core';
import type { CacheScope } from './cache-scope.ts';
import { check32Bytes, checkScope, checkText } from './check-arguments.ts';
import { sessionError } from './errors.ts';

/** What a gateway derives the engine's salt from. */
export interface EngineSaltInput {
  /** 32 secret bytes that belong to one engine and never leave the gateway. */
  readonly key: Uint8Array;
  readonly scope: CacheScope;
  /** Who owns the cache entry, from the verified principal: issuer, tenant and, below tenant scope, subject or group. */
  readonly owner: readonly string[];
  /** The caller's own salt, 1 to 512 bytes of UTF-8 (128 characters). */
  readonly salt: string;
}

/**
 * The salt that the engine gets in place of the caller's (DESIGN 6.6): `cg1.` and the base64url of HMAC-SHA-256 (RFC 2104)
 * over LP(scope) || LP(owner) || LP(salt), where owner is the LP of its parts. 47 characters. Two owners never meet in the
 * cache, even when one knows the other's salt.
 * @throws CloisterError `ERR_SESSION_DERIVATION` naming the argument that is out of range
 */
export function deriveEngineSalt({ key, scope, owner, salt }: EngineSaltInput): string {
  check32Bytes(key, 'key');
  checkScope(scope);
  if (owner.length < 2 || owner.length > 3) throw sessionError('ERR_SESSION_DERIVATION', { subject: 'owner' });
  for (const part of owner) checkText(part, 'owner', 1, 1024);
  checkText(salt, 'salt', 1, 512);
  return `cg1.${toBase64url(hmacSha256(key, lengthPrefixed(scope, lengthPrefixed(...owner), salt)))}`;
}
