import { bigEndian, concat, equalBytes, lengthPrefixed, offHeap, zero } from '@cloister/core';
import type { RandomSource } from '@cloister/core';
import { tenancyError } from '../errors.ts';
import type { Sodium } from '../sodium.ts';

/** `CK`, version 2; the generation of the key-encryption key follows. */
const HEADER = Uint8Array.of(0x43, 0x4b, 2);
const NONCE = HEADER.length + 4;
const SEALED = NONCE + 24;
const WRAPPED_LENGTH = SEALED + 32 + 16;

/** The keys that wrap: one for each generation of the key-encryption key. */
export interface WrappingKeys {
  /** From 1; the present one wraps. */
  readonly generation: number;
  readonly wrap: Uint8Array;
  /** Those of the generations before it, oldest first: they only open. */
  readonly former: readonly Uint8Array[];
}

/** What a wrapped key is bound to, besides the key-encryption key. */
function associatedData(generation: number, context: Uint8Array): Uint8Array {
  return lengthPrefixed('cloister/key-wrap/v2', bigEndian(generation, 4), context);
}

/**
 * Header, generation, random nonce, ciphertext and tag: XChaCha20-Poly1305 over a 32-byte key, 79 bytes.
 * @throws CloisterError `ERR_TENANCY_NOT_A_KEY` when `key` is not 32 bytes
 */
export function wrapKey(
  sodium: Sodium,
  { generation, wrap }: WrappingKeys,
  key: Uint8Array,
  context: Uint8Array,
  random: RandomSource,
): Uint8Array {
  if (key.length !== 32) throw tenancyError('ERR_TENANCY_NOT_A_KEY');
  const nonce = random(SEALED - NONCE);
  const data = associatedData(generation, context);
  const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(key, data, null, nonce, wrap);
  return concat(HEADER, bigEndian(generation, 4), nonce, sealed);
}

/** The generation that wrapped a key; `undefined` when the bytes are no wrapped key. */
function generationOf(wrapped: Uint8Array): number | undefined {
  if (wrapped.length !== WRAPPED_LENGTH || !equalBytes(wrapped.subarray(0, HEADER.length), HEADER)) return undefined;
  return new DataView(wrapped.buffer, wrapped.byteOffset).getUint32(HEADER.length);
}

/**
 * Opens what `wrapKey` made, also in an earlier generation.
 * @throws CloisterError `ERR_TENANCY_TAMPERED` when a byte, the context or the key-encryption key differs
 */
export function unwrapKey(
  sodium: Sodium,
  { generation, wrap, former }: WrappingKeys,
  wrapped: Uint8Array,
  context: Uint8Array,
): Uint8Array {
  const made = generationOf(wrapped);
  const kek = made === generation ? wrap : former[(made ?? 0) - 1];
  if (made === undefined || kek === undefined) throw tenancyError('ERR_TENANCY_TAMPERED');
  const nonce = wrapped.subarray(NONCE, SEALED);
  const sealed = wrapped.subarray(SEALED);
  try {
    const data = associatedData(made, context);
    return offHeap(sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, data, nonce, kek));
  } catch {
    throw tenancyError('ERR_TENANCY_TAMPERED');
  }
}

/** The same key wrapped by the present generation; `undefined` when it is already. Throws as `unwrapKey` does. */
export function rewrapKey(
  sodium: Sodium,
  keys: WrappingKeys,
  wrapped: Uint8Array,
  context: Uint8Array,
  random: RandomSource,
): Uint8Array | undefined {
  if (generationOf(wrapped) === keys.generation) return undefined;
  const key = unwrapKey(sodium, keys, wrapped, context);
  try {
    return wrapKey(sodium, keys, key, context, random);
  } finally {
    zero(key);
  }
}
