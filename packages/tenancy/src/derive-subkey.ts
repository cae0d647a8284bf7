import { bigEndian, concat, lengthPrefixed, offHeap, toHex, utf8, zero } from '@cloister/core';
import type { Tenant } from '@cloister/core';
import { tenancyError } from './errors.ts';
import { KEY_PURPOSES } from './key-purposes.ts';
import type { KeyPurpose } from './key-purposes.ts';
import type { KeyRing, KeyVersion } from './key-ring.ts';
import { loadSodium } from './sodium.ts';
import { tenantContents } from './tenant.ts';

/** What a subkey is bound to besides its purpose. */
export interface SubkeyOptions {
  /** The collection, at most 256 bytes of UTF-8; empty unless given. */
  readonly collection?: string;
  /** Below 2^32; 0 unless given. */
  readonly epoch?: number;
  /** Of the data root; the active one unless given. Index keys have epochs instead and take none. */
  readonly version?: number;
}

/**
 * The tenant's 32-byte key for one purpose: keyed BLAKE2b-256 (RFC 7693) under the purpose's root over
 * LP(purpose) || LP(collection) || u32 epoch (DESIGN 6.3). The caller zeroes it after use.
 * @throws CloisterError `ERR_TENANCY_NOT_A_TENANT` on a copy or cast, `ERR_TENANCY_DERIVATION` on arguments out of range,
 *   `ERR_TENANCY_KEY_DESTROYED`, `ERR_TENANCY_SHREDDED`, `ERR_TENANCY_CLOSED` once the tenancy is closed
 */
export async function deriveSubkey(
  tenant: Tenant,
  purpose: KeyPurpose,
  options: SubkeyOptions = {},
): Promise<Uint8Array> {
  const { claims, keys } = tenantContents(tenant);
  const { derive } = await prepare(purpose, options);
  return keys.withRing(claims, derive);
}

/**
 * What takes long to compute from a subkey: computed once, kept in memory with the tenant's roots and zeroed with them.
 * @param compute gets the subkey, which is zeroed afterwards; each purpose has one such computation
 * @returns a copy, which the caller zeroes after use
 * @throws CloisterError as `deriveSubkey`
 */
export async function deriveOnce(
  tenant: Tenant,
  purpose: KeyPurpose,
  options: SubkeyOptions,
  compute: (key: Uint8Array) => Float64Array,
): Promise<Float64Array> {
  const { claims, keys } = tenantContents(tenant);
  const { name, derive } = await prepare(purpose, options);
  return keys.withRing(claims, (ring) => {
    const values = ring.keep(name, () => {
      const key = derive(ring);
      try {
        return compute(key);
      } finally {
        zero(key);
      }
    });
    return values.slice();
  });
}

/** @returns how a ring gives the subkey, and a name that tells subkeys of one ring apart */
async function prepare(
  purpose: KeyPurpose,
  { collection = '', epoch = 0, version }: SubkeyOptions,
): Promise<{ readonly name: string; readonly derive: (ring: KeyRing) => Uint8Array }> {
  const root = Object.hasOwn(KEY_PURPOSES, purpose) ? KEY_PURPOSES[purpose] : undefined;
  if (root === undefined || (root === 'index' && version !== undefined)) throw tenancyError('ERR_TENANCY_DERIVATION');
  const message = derivationInput(purpose, collection, epoch);
  const sodium = await loadSodium();
  return {
    name: `${version ?? 'active'} ${toHex(message)}`,
    derive: (ring) => offHeap(sodium.crypto_generichash(32, message, ring.read(root, version))),
  };
}

/**
 * All versions of the tenant's data root, the active one first. Asks the broker whether another process has rotated or
 * shredded since: work that takes long asks again.
 * @throws CloisterError `ERR_TENANCY_NOT_A_TENANT`, `ERR_TENANCY_SHREDDED`, `ERR_TENANCY_CLOSED`, what the broker throws
 */
export async function keyVersions(tenant: Tenant): Promise<readonly KeyVersion[]> {
  const { claims, keys } = tenantContents(tenant);
  return keys.withRing(claims, ({ versions }) => versions, true);
}

function derivationInput(purpose: string, collection: string, epoch: number): Uint8Array {
  const valid = Number.isInteger(epoch) && epoch >= 0 && epoch < 2 ** 32 && collection.isWellFormed();
  if (!valid || utf8(collection).length > 256) throw tenancyError('ERR_TENANCY_DERIVATION');
  return concat(lengthPrefixed(purpose, collection), bigEndian(epoch, 4));
}
