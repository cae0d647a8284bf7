import type { Classification, Restored } from '@cloister/core';
import type { Masked } from '../masked.ts';
import type { EntryType } from '../types.ts';

declare const vaultBrand: unique symbol;

/** Who reads the restored text. */
export interface RestoreOptions {
  /** The recipient's clearance. Without one only entries that never had a label are restored. */
  readonly clearance?: Classification;
}

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
  restore(text: string, options?: RestoreOptions): Restored;
  /**
   * The exact inverse of `redact` for text that a redactor masked with this vault: link targets are restored as well,
   * which is why the text of a model does not fit the type.
   * @throws CloisterError ERR_REDACTION_VAULT_CLOSED
   */
  unmask(text: Masked, options?: RestoreOptions): Restored;
  /** What the vault holds, without values: for audit events. */
  summarize(): readonly VaultSummary[];
  /** Overwrites the key and all values; the vault is of no use afterwards. Calling it twice does no harm. */
  close(): void;
  readonly [vaultBrand]: true;
}
