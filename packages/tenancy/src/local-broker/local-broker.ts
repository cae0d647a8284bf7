import { join } from 'node:path';
import { openOnce, systemRandom, toHex, zero } from '@cloister/core';
import type { KeyBroker, Ledger, RandomSource } from '@cloister/core';
import { tenancyError } from '../errors.ts';
import { localLedger } from '../ledger/local-ledger.ts';
import { loadSodium } from '../sodium.ts';
import type { Sodium } from '../sodium.ts';
import type { LocalBrokerSecret } from './key-derivation.ts';
import { eraseKeyFile, putKeyFileIfAbsent, readErasableFile, replaceKeyFile } from './key-files.ts';
import { rewrapKey, unwrapKey, wrapKey } from './key-wrap.ts';
import { openKeyDirectory } from './open-key-directory.ts';
import type { DirectoryKeys } from './open-key-directory.ts';

/** A key broker over a directory of this machine. */
export interface LocalBroker extends KeyBroker {
  /** A ledger in the same directory: the file is made when a retriever first asks. */
  readonly ledger: Ledger;
  /** Zeroes the key-encryption key; every later call rejects with `ERR_TENANCY_CLOSED`. */
  close(): Promise<void>;
}

/**
 * A key broker whose key-encryption key comes from a passphrase or 32 raw bytes and whose wrapped keys are files of mode
 * 0600 in a directory of mode 0700. File names are keyed hashes. The directory is opened on the first call.
 * @param directory made when it does not exist
 * @param options.former the secret that the directory was made with, to exchange it for `secret`: needed until the first
 *   call has succeeded. Keys are wrapped anew when their tenant is next entered
 * @throws (from its methods) CloisterError `ERR_TENANCY_WRONG_KEK`, `ERR_TENANCY_KEK`, `ERR_TENANCY_KEY_STORE`,
 *   `ERR_TENANCY_TAMPERED`, `ERR_TENANCY_NOT_A_KEY`, `ERR_TENANCY_CLOSED`
 */
export function localBroker(
  directory: string,
  secret: LocalBrokerSecret,
  options: { readonly random?: RandomSource; readonly former?: LocalBrokerSecret } = {},
): LocalBroker {
  const random = options.random ?? systemRandom;
  const ledger = localLedger(join(directory, 'ledger.db'));
  const opened = openOnce(async () => openKeyDirectory(await loadSodium(), directory, secret, random, options.former));
  let closed = false;

  // `use` runs in one go after the check, so that `close` cannot zero a key that is in use.
  async function withKeys<T>(use: (sodium: Sodium, keys: DirectoryKeys) => T): Promise<T> {
    if (closed) throw tenancyError('ERR_TENANCY_CLOSED');
    const sodium = await loadSodium();
    const keys = await opened.get();
    if (closed) throw tenancyError('ERR_TENANCY_CLOSED');
    return use(sodium, keys);
  }

  function fileName(name: string): Promise<string> {
    return withKeys((sodium, { names }) => `${toHex(sodium.crypto_generichash(16, name, names))}.key`);
  }

  return {
    ledger,
    wrap: (key, context) => withKeys((sodium, keys) => wrapKey(sodium, keys, key, context, random)),
    unwrap: (wrapped, context) => withKeys((sodium, keys) => unwrapKey(sodium, keys, wrapped, context)),
    get: async (name) => readErasableFile(directory, await fileName(name)),
    putIfAbsent: async (name, value) => putKeyFileIfAbsent(directory, await fileName(name), value),
    destroy: async (name) => eraseKeyFile(directory, await fileName(name)),
    async rewrap(name, context) {
      const file = await fileName(name);
      const wrapped = await readErasableFile(directory, file);
      if (wrapped === undefined) return false;
      const renewed = await withKeys((sodium, keys) => rewrapKey(sodium, keys, wrapped, context, random));
      if (renewed !== undefined) await replaceKeyFile(directory, file, renewed);
      return renewed !== undefined;
    },
    async close() {
      closed = true;
      await ledger.close();
      const held = await opened.held();
      if (held === undefined) return;
      for (const key of [held.wrap, held.names, ...held.former]) zero(key);
    },
  };
}
