import type { Restored } from '@cloister/core';
import { redactionError } from '../errors.ts';
import type { Masked } from '../masked.ts';
import { createRestorer, restoreMasked } from '../restore/create-restorer.ts';
import { createVaultSecret } from './vault-secret.ts';
import { createVaultState, eraseVault, openVault, vaults } from './vault-state.ts';
import { summarizeVault } from './summarize-vault.ts';
import type { RestoreOptions, Vault, VaultSummary } from './vault-types.ts';

/**
 * An empty vault.
 * @param options.key 32 secret bytes, copied: the same key gives the same ids again (a session that continues); random unless given
 * @throws CloisterError ERR_REDACTION_VAULT_KEY
 */
export function createVault(options: { readonly key?: Uint8Array } = {}): Vault {
  if (options.key !== undefined && options.key.length !== 32) throw redactionError('ERR_REDACTION_VAULT_KEY');
  const state = createVaultState(createVaultSecret(options.key));
  const handle = {
    restore(text: string, restoring: RestoreOptions = {}): Restored {
      const restorer = createRestorer(handle, restoring);
      return `${restorer.push(text)}${restorer.end()}` as Restored;
    },
    unmask: (text: Masked, restoring: RestoreOptions = {}): Restored =>
      restoreMasked(openVault(handle), text, restoring),
    summarize: (): readonly VaultSummary[] => summarizeVault(openVault(handle)),
    close: (): void => eraseVault(state),
    [Symbol.dispose]: (): void => eraseVault(state),
  } as Vault;
  return vaults.mint(handle, state);
}
