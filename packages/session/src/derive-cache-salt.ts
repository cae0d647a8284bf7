import { bigEndian, concat, hkdfSha256, lengthPrefixed, toBase64url } from '@cloister/core';
import type { CacheScope } from './cache-scope.ts';
import { check32Bytes, checkEpoch, checkScope, checkText } from './check-arguments.ts';
import { sessionError } from './errors.ts';

/** What a client's salt is derived from. */
export interface CacheSaltInput {
  /** 32 secret bytes: the tenant's cache subkey or a session's random secret. */
  readonly key: Uint8Array;
  /** The enclave's identity digest, 32 bytes: TEE, measurement, workload, deployment, nothing that rotates. */
  readonly identity: Uint8Array;
  /** The model's name, 1 to 256 bytes of UTF-8. */
  readonly model: string;
  readonly scope: CacheScope;
  /** What tells two holders of the scope apart, at most 65,536 bytes: text (as UTF-8) or bytes. */
  readonly scopeId: string | Uint8Array;
  /** An integer below 2^32; a new epoch is a new, empty part of the cache. */
  readonly epoch: number;
}

const MOST_SCOPE_ID_BYTES = 65_536;

/**
 * The salt that a client sends (DESIGN 6.6): `cs1.` and the base64url of HKDF-SHA-256 (RFC 5869) with the key as input,
 * the identity digest as salt, LP("cache/v1") || LP(model) || LP(scope) || LP(scope id) || u32 epoch as info, 32 bytes.
 * Always 47 characters of `[A-Za-z0-9_.-]`, so that vLLM accepts it and no adapter is named like it.
 * @throws CloisterError `ERR_SESSION_DERIVATION` naming the argument that is out of range
 */
export function deriveCacheSalt(input: CacheSaltInput): string {
  const { key, identity, model, scope, scopeId, epoch } = input;
  check32Bytes(key, 'key');
  check32Bytes(identity, 'identity');
  checkText(model, 'model', 1, 256);
  checkScope(scope);
  if (!(scopeId instanceof Uint8Array)) checkText(scopeId, 'scopeId', 0, MOST_SCOPE_ID_BYTES);
  else if (scopeId.length > MOST_SCOPE_ID_BYTES) throw sessionError('ERR_SESSION_DERIVATION', { subject: 'scopeId' });
  checkEpoch(epoch);
  const info = concat(lengthPrefixed('cache/v1', model, scope, scopeId), bigEndian(epoch, 4));
  return `cs1.${toBase64url(hkdfSha256(key, identity, info, 32))}`;
}
