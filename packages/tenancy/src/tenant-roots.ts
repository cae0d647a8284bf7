import { bigEndian, equalBytes, lengthPrefixed, sha256, toHex, zero } from '@cloister/core';
import type { KeyBroker, PrincipalClaims, RandomSource } from '@cloister/core';
import { tenancyError } from './errors.ts';
import type { RootName } from './key-purposes.ts';

/** Both roots of one tenant, unwrapped, for as long as its tenancy is open. */
export interface TenantRoots {
  /**
   * The root's 32 bytes, not a copy.
   * @throws CloisterError `ERR_TENANCY_CLOSED` after `close`
   */
  read(name: RootName): Uint8Array;
  /** Zeroes both. */
  close(): void;
}

/** The first version of a data key and the only one of an index root; rotation raises it. */
const VERSION = 1;

/**
 * Loads both roots of the tenant that `claims` name, or makes them on first use. Racing makers end with one key,
 * because the broker stores only the first (DESIGN 6.3).
 */
export async function loadTenantRoots(
  claims: PrincipalClaims,
  broker: KeyBroker,
  random: RandomSource,
): Promise<TenantRoots> {
  const roots = {
    data: await loadRoot(context(claims, 'data'), broker, random),
    index: await loadRoot(context(claims, 'index'), broker, random),
  };
  let open = true;
  return {
    read(name) {
      if (!open) throw tenancyError('ERR_TENANCY_CLOSED');
      return roots[name];
    },
    close() {
      open = false;
      zero(roots.data);
      zero(roots.index);
    },
  };
}

/** Names one key of one tenant of one issuer; two issuers that use the same tenant name share nothing. */
function context(claims: PrincipalClaims, root: RootName): Uint8Array {
  return lengthPrefixed('cloister/tenant-root/v1', claims.issuer, claims.tenant, root, bigEndian(VERSION, 4));
}

async function loadRoot(context: Uint8Array, broker: KeyBroker, random: RandomSource): Promise<Uint8Array> {
  const name = toHex(sha256(context));
  const stored = (await broker.get(name)) ?? (await createRoot(name, context, broker, random));
  const root = await broker.unwrap(stored, context);
  if (root.length !== 32 || equalBytes(root, new Uint8Array(32))) throw tenancyError('ERR_TENANCY_TAMPERED');
  return root;
}

async function createRoot(
  name: string,
  context: Uint8Array,
  broker: KeyBroker,
  random: RandomSource,
): Promise<Uint8Array> {
  const root = random(32);
  try {
    return await broker.putIfAbsent(name, await broker.wrap(root, context));
  } finally {
    zero(root);
  }
}
