import { lengthPrefixed, toHex, zero } from '@cloister/core';
import type { Tenant } from '@cloister/core';
import { deriveOnce, deriveSubkey, keyVersions, loadSodium, tenantClaims } from '@cloister/tenancy';
import type { KeyPurpose, KeyVersion, Sodium } from '@cloister/tenancy';
import { keyedHash } from '../keyed-hash.ts';
import { drawRotation } from '../prefix/draw-rotation.ts';
import type { SearchMode } from '../search-mode.ts';

/** Which part of a record an envelope holds. Each has keys of its own. */
export type RecordField = 'head' | 'payload' | 'vector';

/** One AEAD key with what an envelope says about it. */
export interface RecordKey {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 16 bytes: a name that tells keys apart and nothing else. */
  readonly id: Uint8Array;
  /** 32 bytes: commits to the key, which XChaCha20-Poly1305 alone does not. */
  readonly commitment: Uint8Array;
}

/** Blind tags of a set of groups, sorted, and the digest that a head binds them by. */
export interface TagSet {
  readonly tags: readonly string[];
  readonly digest: string;
}

/** The keys of one tenant's collection, for the length of one call. */
export interface CollectionKeys {
  readonly sodium: Sodium;
  /** LP(issuer, tenant): two issuers that use one tenant name share nothing. */
  readonly tenant: Uint8Array;
  readonly collection: string;
  readonly mode: SearchMode;
  /** LP(suite, tenant, collection, mode): what the additional data of every envelope begins with. */
  readonly suite: Uint8Array;
  readonly ids: Uint8Array;
  readonly cells: Uint8Array;
  /** Of the noise in prefixes. */
  readonly prefix: Uint8Array;
  /** In the mode `prefix`: the secret rotation, 64 rows of 64; else empty. */
  readonly rotation: Float64Array;
  readonly tags: Uint8Array;
  /** What the names of points and documents are hashed after: LP of kind, tenant and collection. */
  readonly pointScope: Uint8Array;
  readonly documentScope: Uint8Array;
  /** Tags of groups that were asked for already, and by them the digest of each set. */
  readonly groupTags: Map<string, string>;
  readonly tagSets: Map<string, TagSet>;
  /** The newest version first: it seals. The others only open. */
  readonly fields: Readonly<Record<RecordField, readonly RecordKey[]>>;
  /** Blind tag of tenant, collection and mode: 32 hex digits. */
  readonly partition: string;
  /** Blind tag of the records that wait for a bucket, in the mode `cells`: 32 hex digits. */
  readonly waiting: string;
  /** Zeroes every key. */
  clear(): void;
}

/**
 * Derives the keys of a collection from a tenant capability (DESIGN 6.3). Every call of the retriever starts here, so a
 * copy of a capability, a closed tenancy and a shredded tenant get nowhere.
 * @throws CloisterError `ERR_TENANCY_NOT_A_TENANT`, `ERR_TENANCY_SHREDDED`, `ERR_TENANCY_CLOSED`
 */
export async function deriveCollectionKeys(
  tenant: Tenant,
  collection: string,
  mode: SearchMode = 'sealed',
): Promise<CollectionKeys> {
  const { issuer, tenant: name } = tenantClaims(tenant);
  const versions = (await keyVersions(tenant)).filter(({ state }) => state !== 'destroyed');
  const sodium = await loadSodium();
  const derived: Uint8Array[] = [];
  const derive = async (purpose: KeyPurpose, version?: KeyVersion): Promise<Uint8Array> => {
    const key = await deriveSubkey(tenant, purpose, { collection, ...(version && { version: version.version }) });
    derived.push(key);
    return key;
  };
  const field = async (purpose: RecordField): Promise<readonly RecordKey[]> => {
    const keys: RecordKey[] = [];
    for (const version of versions) keys.push(describeKey(sodium, await derive(purpose, version)));
    return keys;
  };
  const rotate = (): Promise<Float64Array> =>
    deriveOnce(tenant, 'prefix', { collection }, (key) => drawRotation(sodium, key));
  const rotation = mode === 'prefix' ? await rotate() : new Float64Array(0);
  const ids = await derive('ids');
  const cells = await derive('cells');
  const tenantName = lengthPrefixed(issuer, name);
  return {
    sodium,
    tenant: tenantName,
    collection,
    mode,
    suite: suiteOf(tenantName, collection, mode),
    ids,
    cells,
    prefix: await derive('prefix'),
    rotation,
    tags: await derive('tags'),
    pointScope: lengthPrefixed('point', tenantName, collection),
    documentScope: lengthPrefixed('document', tenantName, collection),
    groupTags: new Map(),
    tagSets: new Map(),
    fields: { head: await field('head'), payload: await field('payload'), vector: await field('vector') },
    partition: toHex(keyedHash(sodium, 16, ids, lengthPrefixed('partition', tenantName, collection, mode))),
    waiting: toHex(keyedHash(sodium, 16, cells, lengthPrefixed('waiting', tenantName, collection))),
    clear() {
      derived.forEach(zero);
      rotation.fill(0);
    },
  };
}

/** LP of the suite's name, tenant, collection and mode: a record that is moved from one mode to another does not open. */
export function suiteOf(tenant: Uint8Array, collection: string, mode: SearchMode): Uint8Array {
  return lengthPrefixed('cloister/record/v1 XChaCha20-Poly1305', tenant, collection, mode);
}

/** The key that seals a field. */
export function sealingKey(keys: CollectionKeys, field: RecordField): RecordKey {
  return keys.fields[field][0] as RecordKey;
}

/** Adds the key's public name and its commitment. */
export function describeKey(sodium: Sodium, key: Uint8Array): RecordKey {
  return {
    key,
    id: keyedHash(sodium, 16, key, lengthPrefixed('cloister/key-id/v1')),
    commitment: keyedHash(sodium, 32, key, lengthPrefixed('cloister/key-commitment/v1')),
  };
}
