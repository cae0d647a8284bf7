import {
  lengthPrefixed,
  systemRandom,
  toBase64url,
  zero,
  type Classification,
  type PrincipalClaims,
  type RandomSource,
  type Tenant,
} from '@cloister/core';
import { deriveSubkey, tenantClaims } from '@cloister/tenancy';
import { isWithinScope, widestScope, type CacheScope } from './cache-scope.ts';
import { check32Bytes, checkEpoch, checkScope, checkText } from './check-arguments.ts';
import { deriveCacheSalt } from './derive-cache-salt.ts';
import { sessionError } from './errors.ts';

/** How a session is created. */
export interface SessionOptions {
  /** Who shares the cache with this session; `session` unless given. */
  readonly scope?: CacheScope;
  /** The model's name, 1 to 256 bytes of UTF-8. */
  readonly model: string;
  /** The enclave's identity digest, 32 bytes. */
  readonly identity: Uint8Array;
  /** For group scope: one of the principal's groups. */
  readonly group?: string;
  /** The tenant's cache epoch, below 2^32, for scopes wider than session; 0 unless given. */
  readonly epoch?: number;
  readonly random?: RandomSource;
}

/** What the salt is for. */
export interface SaltOptions {
  /** The class of the prompt. Separates salts wider than session and caps the scope; the caller's clearance unless given. */
  readonly label?: Classification;
  /** The widest scope for that class by the caller's policy; `widestScope(label)` unless given. */
  readonly widest?: CacheScope;
}

/** A conversation's place in the prefix cache. Ends with `end()` or at the end of a `using` block. */
export interface Session extends Disposable {
  /** 22 random characters, for the caller's own bookkeeping. */
  readonly id: string;
  readonly scope: CacheScope;
  /** The group that shares, in group scope. */
  readonly group?: string;
  /**
   * The salt for the next request: a new one each time in request scope, else always the same.
   * @throws CloisterError `ERR_SESSION_ENDED`, or `ERR_SESSION_SCOPE_TOO_WIDE` when a class is given that forbids the scope
   */
  salt(options?: SaltOptions): string;
  /** Overwrites the secret. What the session left in the cache is unreachable in request and session scope, not erased. */
  end(): void;
}

/** Everything that decides who may see what, so that holders of different rights never share: LP(label, compartments, groups). */
function audience(claims: PrincipalClaims, label: Classification): Uint8Array {
  const list = (names: readonly string[]): Uint8Array => lengthPrefixed(...[...new Set(names)].toSorted());
  return lengthPrefixed(label, list(claims.compartments), list(claims.groups));
}

function ownerOf(scope: CacheScope, claims: PrincipalClaims, group: string | undefined): string {
  if (scope === 'tenant') return '';
  if (scope === 'user') return claims.subject;
  if (group === undefined || !claims.groups.includes(group)) throw sessionError('ERR_SESSION_GROUP');
  return group;
}

function checkCap(scope: CacheScope, { label, widest }: SaltOptions): void {
  const cap = widest ?? (label === undefined ? undefined : widestScope(label));
  if (cap !== undefined && !isWithinScope(scope, cap)) throw sessionError('ERR_SESSION_SCOPE_TOO_WIDE');
}

/**
 * Opens a session for a tenant capability (DESIGN 6.6). Request and session scope use a random secret of their own; wider
 * scopes use the tenant's cache subkey, and only callers with the same class, compartments and groups share.
 * @throws CloisterError `ERR_SESSION_DERIVATION`, `ERR_SESSION_GROUP`; `ERR_TENANCY_*` when the capability is not genuine
 */
export async function createSession(tenant: Tenant, options: SessionOptions): Promise<Session> {
  const { scope = 'session', model, group, epoch = 0, random = systemRandom } = options;
  const claims = tenantClaims(tenant);
  checkScope(scope);
  checkText(model, 'model', 1, 256);
  check32Bytes(options.identity, 'identity');
  checkEpoch(epoch);
  const own = isWithinScope(scope, 'session');
  const owner = own ? '' : ownerOf(scope, claims, group);
  const identity = options.identity.slice();
  const id = toBase64url(random(16));
  const key = own ? random(32) : await deriveSubkey(tenant, 'cache');
  let ended = false;
  let requests = 0;
  let last: { readonly label: Classification; readonly salt: string } | undefined;

  const scopeId = (label: Classification): Uint8Array => {
    if (!own) return lengthPrefixed(claims.issuer, owner, audience(claims, label));
    return scope === 'request' ? lengthPrefixed(id, String(requests++)) : lengthPrefixed(id);
  };
  const end = (): void => {
    ended = true;
    last = undefined;
    zero(key);
  };
  return {
    id,
    scope,
    ...(scope === 'group' ? { group: owner } : {}),
    salt(saltOptions = {}) {
      if (ended) throw sessionError('ERR_SESSION_ENDED');
      checkCap(scope, saltOptions);
      const label = saltOptions.label ?? claims.clearance;
      if (last?.label === label) return last.salt;
      const salt = deriveCacheSalt({ key, identity, model, scope, scopeId: scopeId(label), epoch: own ? 0 : epoch });
      if (scope !== 'request') last = { label, salt };
      return salt;
    },
    end,
    [Symbol.dispose]: end,
  };
}
