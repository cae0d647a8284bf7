import type { Sodium } from '@cloister/tenancy';

/** Keyed BLAKE2b (RFC 7693) with `length` bytes of output. */
export function keyedHash(sodium: Sodium, length: number, key: Uint8Array, message: Uint8Array): Uint8Array {
  return sodium.crypto_generichash(length, message, key);
}
