import { concat, equalBytes, lengthPrefixed } from '@cloister/core';
import type { RandomSource } from '@cloister/core';
import { tenancyError } from '../errors.ts';
import type { Sodium } from '../sodium.ts';

/** `CK`, version 1. */
const HEADER = Uint8Array.of(0x43, 0x4b, 1);
const NONCE_LENGTH = 24;
const WRAPPED_LENGTH = HEADER.length + NONCE_LENGTH + 32 + 16;

/** What a wrapped key is bound to, besides the key-encryption key. */
function associatedData(context: Uint8Array): Uint8Array {
  return lengthPrefixed('cloister/key-wrap/v1', context);
}

/**
 * Header, random nonce, ciphertext and tag: XChaCha20-Poly1305 over a 32-byte key, 75 bytes.
 * @throws CloisterError `ERR_TENANCY_NOT_A_KEY` when `key` is not 32 bytes
 */
export function wrapKey(
  sodium: Sodium,
  kek: Uint8Array,
  key: Uint8Array,
  context: Uint8Array,
  random: RandomSource,
): Uint8Array {
  if (key.length !== 32) throw tenancyError('ERR_TENANCY_NOT_A_KEY');
  const nonce = random(NONCE_LENGTH);
  const data = associatedData(context);
  return concat(HEADER, nonce, sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(key, data, null, nonce, kek));
}

/**
 * Opens what `wrapKey` made.
 * @throws CloisterError `ERR_TENANCY_TAMPERED` when a byte, the context or the key-encryption key differs
 */
export function unwrapKey(sodium: Sodium, kek: Uint8Array, wrapped: Uint8Array, context: Uint8Array): Uint8Array {
  if (wrapped.length !== WRAPPED_LENGTH || !equalBytes(wrapped.subarray(0, HEADER.length), HEADER)) {
    throw tenancyError('ERR_TENANCY_TAMPERED');
  }
  const nonce = wrapped.subarray(HEADER.length, HEADER.length + NONCE_LENGTH);
  const sealed = wrapped.subarray(HEADER.length + NONCE_LENGTH);
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, associatedData(context), nonce, kek);
  } catch {
    throw tenancyError('ERR_TENANCY_TAMPERED');
  }
}
