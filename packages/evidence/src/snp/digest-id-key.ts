import { concat, sha384 } from '@cloister/core';

/**
 * The digest by which a report names an ID or author key: SHA-384 of the key as the ID authentication block holds it (AMD
 * SEV-SNP firmware ABI, ECDSA P-384 public key, 1028 bytes).
 * @param publicKey x || y, 48 bytes each, big-endian
 * @returns 48 bytes
 */
export function digestIdKey(publicKey: Uint8Array): Uint8Array {
  if (publicKey.length !== 96) throw new RangeError('a P-384 key has 96 bytes');
  const coordinate = (start: number): Uint8Array =>
    concat(publicKey.slice(start, start + 48).reverse(), new Uint8Array(24));
  return sha384(concat(Uint8Array.of(2, 0, 0, 0), coordinate(0), coordinate(48), new Uint8Array(880)));
}
