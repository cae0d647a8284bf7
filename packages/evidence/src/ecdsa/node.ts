import { Buffer } from 'node:buffer';
import { createPublicKey, verify } from 'node:crypto';
import { concat } from '@cloister/core';

// SubjectPublicKeyInfo of an uncompressed P-256 point (RFC 5480 section 2), up to the point.
const SPKI = Uint8Array.from([
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
  0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
]);

/** ECDSA P-256 with SHA-256 (FIPS 186-5) by Node's native code. `publicKey` is x || y, `signature` r || s, 64 bytes each. */
export async function verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  try {
    const key = createPublicKey({ key: Buffer.from(concat(SPKI, publicKey)), format: 'der', type: 'spki' });
    return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    return false;
  }
}
