import { bigEndian, equalBytes, lengthPrefixed, offHeap, sha256, toHex, zero } from '@cloister/core';
import type { KeyBroker, PrincipalClaims, RandomSource } from '@cloister/core';
import { tenancyError } from './errors.ts';
import type { RootName } from './key-purposes.ts';

/** What a version of the data root may do: seal and open, only open, or nothing any more. */
export type KeyState = 'active' | 'decrypt-only' | 'destroyed';

/** One version of a tenant's data root. */
export interface KeyVersion {
  /** From 1. */
  readonly version: number;
  readonly state: KeyState;
}

/** The roots of one tenant, unwrapped, until somebody zeroes them. */
export interface KeyRing {
  /** All versions of the data root, the active one first. */
  readonly versions: readonly KeyVersion[];
  /**
   * The root's 32 bytes, not a copy. @param version of the data root: the active one unless given
   * @throws CloisterError `ERR_TENANCY_DERIVATION` when there is no such version, `ERR_TENANCY_KEY_DESTROYED`
   */
  read(name: RootName, version?: number): Uint8Array;
  /** What `compute` gives, not a copy: computed once while the ring lives and few others are asked for. */
  keep(name: string, compute: () => Float64Array): Float64Array;
  /** Zeroes all roots and what was computed from them. */
  zero(): void;
}

/** What a key ring is loaded with. */
export interface KeySource {
  readonly claims: PrincipalClaims;
  readonly broker: KeyBroker;
  readonly random: RandomSource;
}

/** Computed values of one tenant in memory. */
const KEPT = 8;

/** What a broker stores in place of a key that must never be made again. */
const MARK = Uint8Array.of(1);

/**
 * Loads the roots of the tenant that `claims` name, or makes them on first use. Racing makers end with one key, because
 * the broker stores only the first (DESIGN 6.3). A shredding that was interrupted is brought to its end.
 * @throws CloisterError `ERR_TENANCY_SHREDDED`, `ERR_TENANCY_TAMPERED`, what the broker throws
 */
export async function loadKeyRing(source: KeySource): Promise<KeyRing> {
  const { claims, broker } = source;
  if (await isShredded(source)) {
    await destroyAll(source);
    throw tenancyError('ERR_TENANCY_SHREDDED');
  }
  const data = new Map<number, Uint8Array>();
  const destroyed: number[] = [];
  for (let version = 1; ; version++) {
    if (await isDestroyed(source, version)) {
      // Whatever is left of it: a crash before it was removed, or a wrapping that crossed with that.
      await broker.destroy(keyName(claims, 'data', version));
      destroyed.push(version);
      continue;
    }
    const root = await readRoot(source, 'data', version);
    if (root === undefined) break;
    data.set(version, root);
  }
  if (data.size === 0) data.set(1, await makeFirst(source, destroyed));
  const index = (await readRoot(source, 'index', 1)) ?? (await makeRoot(source, 'index', 1));
  return createRing(index, data, destroyed);
}

/** A later version beside a missing first one means that a key was lost, not that the tenant is new. */
async function makeFirst(source: KeySource, destroyed: readonly number[]): Promise<Uint8Array> {
  const second = await source.broker.get(keyName(source.claims, 'data', 2));
  if (second !== undefined || destroyed.length > 0) throw tenancyError('ERR_TENANCY_TAMPERED');
  return makeRoot(source, 'data', 1);
}

function createRing(index: Uint8Array, data: Map<number, Uint8Array>, destroyed: readonly number[]): KeyRing {
  const active = Math.max(...data.keys());
  const stateOf = (version: number): KeyState => (version === active ? 'active' : 'decrypt-only');
  const present = [...data.keys()].map((version) => ({ version, state: stateOf(version) }));
  const gone = destroyed.map((version) => ({ version, state: 'destroyed' as const }));
  const kept = new Map<string, Float64Array>();
  let open = true;
  const check = (): void => {
    if (!open) throw tenancyError('ERR_TENANCY_CLOSED');
  };
  return {
    versions: [...present, ...gone].toSorted((left, right) => right.version - left.version),
    read(name, version = active) {
      check();
      if (name === 'index') return index;
      const root = data.get(version);
      if (root !== undefined) return root;
      throw tenancyError(destroyed.includes(version) ? 'ERR_TENANCY_KEY_DESTROYED' : 'ERR_TENANCY_DERIVATION');
    },
    keep(name, compute) {
      check();
      const values = kept.get(name) ?? compute();
      // Deleting first moves it to the end of the map: the order is that of use.
      kept.delete(name);
      kept.set(name, values);
      const [oldest] = kept.keys();
      if (kept.size > KEPT && oldest !== undefined) {
        kept.get(oldest)?.fill(0);
        kept.delete(oldest);
      }
      return values;
    },
    zero() {
      open = false;
      zero(index);
      for (const root of data.values()) zero(root);
      for (const values of kept.values()) values.fill(0);
    },
  };
}

/** Names one key of one tenant of one issuer; two issuers that use the same tenant name share nothing. */
function context({ issuer, tenant }: PrincipalClaims, root: RootName, version: number): Uint8Array {
  return lengthPrefixed('cloister/tenant-root/v1', issuer, tenant, root, bigEndian(version, 4));
}

function keyName(claims: PrincipalClaims, root: RootName, version: number): string {
  return toHex(sha256(context(claims, root, version)));
}

function markName({ issuer, tenant }: PrincipalClaims, root: RootName | 'tenant', version: number): string {
  return toHex(sha256(lengthPrefixed('cloister/destroyed/v1', issuer, tenant, root, bigEndian(version, 4))));
}

async function readRoot(
  { claims, broker }: KeySource,
  root: RootName,
  version: number,
): Promise<Uint8Array | undefined> {
  const name = keyName(claims, root, version);
  const stored = await broker.get(name);
  if (stored === undefined) return undefined;
  const key = await unwrapRoot(broker, stored, context(claims, root, version));
  if (await broker.rewrap?.(name, context(claims, root, version))) {
    // Somebody may have destroyed it in between: then it is not to come back by being written again.
    const shredded = await isShredded({ claims, broker });
    if (shredded || (root === 'data' && (await isDestroyed({ claims, broker }, version)))) {
      await broker.destroy(name);
      zero(key);
      throw tenancyError(shredded ? 'ERR_TENANCY_SHREDDED' : 'ERR_TENANCY_KEY_DESTROYED');
    }
  }
  return key;
}

async function unwrapRoot(broker: KeyBroker, stored: Uint8Array, bound: Uint8Array): Promise<Uint8Array> {
  const key = offHeap(await broker.unwrap(stored, bound));
  if (key.length !== 32 || equalBytes(key, new Uint8Array(32))) throw tenancyError('ERR_TENANCY_TAMPERED');
  return key;
}

async function makeRoot({ claims, broker, random }: KeySource, root: RootName, version: number): Promise<Uint8Array> {
  const bound = context(claims, root, version);
  const key = random(32);
  try {
    const stored = await broker.putIfAbsent(keyName(claims, root, version), await broker.wrap(key, bound));
    return await unwrapRoot(broker, stored, bound);
  } finally {
    zero(key);
  }
}

/** Makes the data root of the next version; racing makers end with one. Whoever loads the ring next has it as active. */
export async function addDataRoot(source: KeySource, version: number): Promise<void> {
  zero(await makeRoot(source, 'data', version));
}

/** Whether a version above `active` exists or the tenant was shredded: then a loaded ring is out of date. */
export async function isOutdated(source: KeySource, { versions }: KeyRing): Promise<boolean> {
  const name = keyName(source.claims, 'data', (versions[0]?.version ?? 0) + 1);
  const [next, shredded] = await Promise.all([source.broker.get(name), isShredded(source)]);
  return next !== undefined || shredded;
}

/** Destroys one version of the data root for good; a crash in between leaves the mark, and a repetition ends it. */
export async function destroyDataRoot({ claims, broker }: Omit<KeySource, 'random'>, version: number): Promise<void> {
  await broker.putIfAbsent(markName(claims, 'data', version), MARK);
  await broker.destroy(keyName(claims, 'data', version));
}

async function isDestroyed({ claims, broker }: Omit<KeySource, 'random'>, version: number): Promise<boolean> {
  return (await broker.get(markName(claims, 'data', version))) !== undefined;
}

async function isShredded({ claims, broker }: Omit<KeySource, 'random'>): Promise<boolean> {
  return (await broker.get(markName(claims, 'tenant', 0))) !== undefined;
}

/**
 * Destroys every root of the tenant, after a mark that nothing makes them anew.
 * @returns the versions of the data root that were destroyed now or before
 * @throws CloisterError `ERR_TENANCY_KEY_STORE` when the broker still gives one of them out
 */
export async function destroyAll({ claims, broker }: KeySource): Promise<readonly number[]> {
  await broker.putIfAbsent(markName(claims, 'tenant', 0), MARK);
  await broker.destroy(keyName(claims, 'index', 1));
  const versions: number[] = [];
  for (let version = 1; ; version++) {
    const exists = (await broker.get(keyName(claims, 'data', version))) !== undefined;
    if (!exists && (await broker.get(markName(claims, 'data', version))) === undefined) break;
    await destroyDataRoot({ claims, broker }, version);
    versions.push(version);
  }
  const left = [keyName(claims, 'index', 1), ...versions.map((version) => keyName(claims, 'data', version))];
  for (const name of left) if ((await broker.get(name)) !== undefined) throw tenancyError('ERR_TENANCY_KEY_STORE');
  return versions;
}
