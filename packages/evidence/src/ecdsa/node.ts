import { Buffer } from 'node:buffer';
import { createPublicKey, verify } from 'node:crypto';
import { concat, fromHex } from '@cloister/core';

// SubjectPublicKeyInfo of an uncompressed point (RFC 5480 section 2), up to the point.
const P256 = fromHex('3059301306072a8648ce3d020106082a8648ce3d03010703420004');
const P384 = fromHex('3076301006072a8648ce3d020106052b8104002203620004');

function verifyPoint(
  hash: 'sha256' | 'sha384',
  spki: Uint8Array,
  [message, signature]: readonly [Uint8Array, Uint8Array],
): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return verify(hash, message, { key, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    return false;
  }
}

/** ECDSA P-256 with SHA-256 (FIPS 186-5) by Node's native code. `publicKey` is x || y, `signature` r || s, 64 bytes each. */
export async function verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  return verifyPoint('sha256', concat(P256, publicKey), [message, signature]);
}

/** ECDSA P-384 with SHA-384 (FIPS 186-5) by Node's native code. `publicKey` is x || y, `signature` r || s, 96 bytes each. */
export async function verifyP384(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  return verifyPoint('sha384', concat(P384, publicKey), [message, signature]);
}
