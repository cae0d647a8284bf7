import { lengthPrefixed, sha256, toHex, zero } from '@cloister/core';
import type { Tenant } from '@cloister/core';
import { tenancyError } from './errors.ts';
import type { KeySource } from './key-ring.ts';
import { tenantContents } from './tenant.ts';

interface NamedKey extends KeySource {
  /** LP(suite, issuer, tenant, session): what the wrapped key is bound to. */
  readonly bound: Uint8Array;
  readonly name: string;
}

function named(tenant: Tenant, session: string): NamedKey {
  const { claims, keys } = tenantContents(tenant);
  const bound = lengthPrefixed('cloister/session-key/v1', claims.issuer, claims.tenant, session);
  return { ...keys.source(claims), bound, name: toHex(sha256(bound)) };
}

/**
 * Makes a random key for one session and keeps it wrapped at the broker, on the trusted side: whoever copies a store of
 * sessions has no key, and `destroySessionKey` leaves none. The caller zeroes the 32 bytes.
 * @throws CloisterError `ERR_TENANCY_NOT_A_TENANT`, what the broker throws
 */
export async function makeSessionKey(tenant: Tenant, session: string): Promise<Uint8Array> {
  const { broker, random, bound, name } = named(tenant, session);
  const key = random(32);
  try {
    return await broker.unwrap(await broker.putIfAbsent(name, await broker.wrap(key, bound)), bound);
  } finally {
    zero(key);
  }
}

/** The key of a session that was made and not destroyed; else `undefined`. @throws as `makeSessionKey` */
export async function openSessionKey(tenant: Tenant, session: string): Promise<Uint8Array | undefined> {
  const { broker, bound, name } = named(tenant, session);
  const stored = await broker.get(name);
  return stored === undefined ? undefined : broker.unwrap(stored, bound);
}

/**
 * Destroys the key of a session at the broker; nothing that it sealed can be opened again. May be repeated.
 * @throws CloisterError `ERR_TENANCY_KEY_STORE` when the broker still gives it out
 */
export async function destroySessionKey(tenant: Tenant, session: string): Promise<void> {
  const { broker, name } = named(tenant, session);
  await broker.destroy(name);
  if ((await broker.get(name)) !== undefined) throw tenancyError('ERR_TENANCY_KEY_STORE');
}
