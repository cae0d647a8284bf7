import type { Ledger } from './ledger.ts';

/**
 * Holds the key-encryption key (KEK) and never gives it out. Wrapped keys are stored durably under a name.
 * Implementations: a local directory now; Trustee KBS, in-guest CDH, Vault or OpenBao transit later (DESIGN 3).
 */
export interface KeyBroker {
  /** Encrypts a 32-byte key under the KEK, bound to `context`. */
  wrap(key: Uint8Array, context: Uint8Array): Promise<Uint8Array>;
  /** Opens what `wrap` made; rejects when key, context or bytes differ. The caller zeroes the result. */
  unwrap(wrapped: Uint8Array, context: Uint8Array): Promise<Uint8Array>;
  /** The stored value, or `undefined`. */
  get(name: string): Promise<Uint8Array | undefined>;
  /**
   * Stores `value`, which is not zeros alone, unless the name exists, atomically and durably; resolves to what is stored
   * afterwards.
   */
  putIfAbsent(name: string, value: Uint8Array): Promise<Uint8Array>;
  /**
   * Removes the value so that it cannot be read again, durably; resolves to whether it existed. Its name is not to be used
   * again: `putIfAbsent` may refuse it.
   */
  destroy(name: string): Promise<boolean>;
  /**
   * Wraps the stored value anew if an older KEK wrapped it, so that the older one can go; resolves to whether it did. A
   * value that is destroyed meanwhile may come back by this: the caller looks, and destroys it again. Absent: one KEK only.
   */
  rewrap?(name: string, context: Uint8Array): Promise<boolean>;
  /** A ledger on the same trusted side, when the broker keeps one. */
  readonly ledger?: Ledger;
}
