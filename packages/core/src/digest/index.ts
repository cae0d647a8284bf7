import { createDigest, digest, digestHex, hmac } from '#digest';
import type { IncrementalHash } from './types.ts';

export { createHmacSha256, type KeyedHmac } from './create-hmac-sha256.ts';
export type { HashAlgorithm, IncrementalHash } from './types.ts';

/** SHA-256 (FIPS 180-4) of `bytes`: 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return digest('sha256', bytes);
}

/** SHA-256 (FIPS 180-4) of `bytes` in lower-case hex: 64 digits. */
export function sha256Hex(bytes: Uint8Array): string {
  return digestHex('sha256', bytes);
}

/** SHA-384 (FIPS 180-4) of `bytes`: 48 bytes. */
export function sha384(bytes: Uint8Array): Uint8Array {
  return digest('sha384', bytes);
}

/** SHA-512 (FIPS 180-4) of `bytes`: 64 bytes. */
export function sha512(bytes: Uint8Array): Uint8Array {
  return digest('sha512', bytes);
}

/** A running SHA-256, for streams. */
export function createSha256(): IncrementalHash {
  return createDigest('sha256');
}

/** HMAC-SHA-256 (RFC 2104): 32 bytes. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  return hmac('sha256', key, message);
}

/** HKDF-Extract with SHA-256 (RFC 5869 section 2.2): 32 bytes. */
export function hkdfExtract(salt: Uint8Array, inputKey: Uint8Array): Uint8Array {
  return hmac('sha256', salt.length === 0 ? new Uint8Array(32) : salt, inputKey);
}

/**
 * HKDF-Expand with SHA-256 (RFC 5869 section 2.3).
 * @param length output bytes, at most 255 x 32
 * @throws RangeError above that limit
 */
export function hkdfExpand(key: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const blocks = Math.ceil(length / 32);
  if (blocks > 255) throw new RangeError('HKDF-Expand gives at most 8160 bytes');
  const output = new Uint8Array(blocks * 32);
  let previous: Uint8Array = new Uint8Array(0);
  for (let block = 0; block < blocks; block++) {
    const input = new Uint8Array(previous.length + info.length + 1);
    input.set(previous);
    input.set(info, previous.length);
    input[input.length - 1] = block + 1;
    previous = hmac('sha256', key, input);
    output.set(previous, block * 32);
  }
  return output.subarray(0, length);
}

/** HKDF-SHA-256 (RFC 5869): extract, then expand to `length` bytes. */
export function hkdfSha256(inputKey: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return hkdfExpand(hkdfExtract(salt, inputKey), info, length);
}
