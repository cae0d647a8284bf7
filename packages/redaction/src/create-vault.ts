import type { Restored } from '@cloister/core';
import { redactionError } from './errors.ts';
import { createIdIndex } from './id-index.ts';
import type { Masked } from './masked.ts';
import { createRestorer, restoreMasked } from './create-restorer.ts';
import { createWrittenIndex } from './written-index.ts';
import { createVaultSecret } from './vault-secret.ts';
import { eraseVault, openVault, vaults } from './vault-state.ts';
import type { RestoreOptions, Vault, VaultSummary } from './vault-types.ts';

/**
 * An empty vault.
 * @param options.key 32 secret bytes, copied: the same key gives the same ids again (a session that continues); random unless given
 * @throws CloisterError ERR_REDACTION_VAULT_KEY
 */
export function createVault(options: { readonly key?: Uint8Array } = {}): Vault {
  if (options.key !== undefined && options.key.length !== 32) throw redactionError('ERR_REDACTION_VAULT_KEY');
  const state = {
    secret: createVaultSecret(options.key),
    byDigest: new Map(),
    byId: new Map(),
    ids: createIdIndex(),
    written: createWrittenIndex(),
    surnames: new Map(),
    values: 0,
    closed: false,
  };
  const handle = {
    restore(text: string, restoring: RestoreOptions = {}): Restored {
      const restorer = createRestorer(handle, restoring);
      return `${restorer.push(text)}${restorer.end()}` as Restored;
    },
    unmask: (text: Masked, restoring: RestoreOptions = {}): Restored =>
      restoreMasked(openVault(handle), text, restoring),
    summarize: (): readonly VaultSummary[] =>
      [...openVault(handle).byId.values()].map(({ type, id, label, sources, forms }) => ({
        type,
        id,
        label,
        sources: [...(sources ?? [])],
        forms: forms.length,
      })),
    close: (): void => eraseVault(state),
    [Symbol.dispose]: (): void => eraseVault(state),
  } as Vault;
  return vaults.mint(handle, state);
}
