import { type Classification, systemRandom } from '@cloister/core';
import { redactionError } from './errors.ts';
import { createIdIndex } from './id-index.ts';
import type { Masked } from './masked.ts';
import { createRestorer, type RestoreOptions, restoreMasked } from './restorer.ts';
import type { EntryType } from './types.ts';
import { eraseVault, openVault, vaults } from './vault-state.ts';

declare const vaultBrand: unique symbol;

/** What may be said about an entry of a vault: never its value. */
export interface VaultSummary {
  readonly type: EntryType;
  /** The seven characters of its tokens. */
  readonly id: string;
  /** The highest label among its sources; `undefined` while none had a label. */
  readonly label: Classification | undefined;
  /** Ids of the parts it was seen in, at most 64. */
  readonly sources: readonly string[];
  /** How many spellings it has. */
  readonly forms: number;
}

/**
 * The way back from tokens to values, for one session. The same value has one id in every text that is redacted with the
 * vault, and none in common with any other vault. Lives in memory only.
 */
export interface Vault extends Disposable {
  /**
   * A text of the model or anybody else with every token of this vault replaced by what it stands for, in one pass.
   * Tokens above the clearance, in link targets or never issued stay as they are.
   * @throws CloisterError ERR_REDACTION_VAULT_CLOSED
   */
  restore(text: string, options?: RestoreOptions): string;
  /**
   * The exact inverse of `redact` for text that a redactor masked with this vault: link targets are restored as well,
   * which is why the text of a model does not fit the type.
   * @throws CloisterError ERR_REDACTION_VAULT_CLOSED
   */
  unmask(text: Masked, options?: RestoreOptions): string;
  /** What the vault holds, without values: for audit events. */
  summarize(): readonly VaultSummary[];
  /** Overwrites the key and all values; the vault is of no use afterwards. Calling it twice does no harm. */
  close(): void;
  readonly [vaultBrand]: true;
}

/**
 * An empty vault.
 * @param options.key 32 secret bytes, copied: the same key gives the same ids again (a session that continues); random unless given
 * @throws CloisterError ERR_REDACTION_VAULT_KEY
 */
export function createVault(options: { readonly key?: Uint8Array } = {}): Vault {
  if (options.key !== undefined && options.key.length !== 32) throw redactionError('ERR_REDACTION_VAULT_KEY');
  const key = options.key === undefined ? systemRandom(32) : Uint8Array.from(options.key);
  const state = { key, byDigest: new Map(), byId: new Map(), ids: createIdIndex(), values: 0, closed: false };
  const handle = {
    restore(text: string, restoring: RestoreOptions = {}): string {
      const restorer = createRestorer(handle, restoring);
      return restorer.push(text) + restorer.end();
    },
    unmask: (text: Masked, restoring: RestoreOptions = {}): string => restoreMasked(openVault(handle), text, restoring),
    summarize: (): readonly VaultSummary[] =>
      [...openVault(handle).byId.values()].map(({ type, id, label, sources, forms }) => ({
        type,
        id,
        label,
        sources: [...sources],
        forms: forms.length,
      })),
    close: (): void => eraseVault(state),
    [Symbol.dispose]: (): void => eraseVault(state),
  } as Vault;
  return vaults.mint(handle, state);
}
