import { verifyP256 } from '#ecdsa';

/**
 * Verifies an ECDSA signature over P-256 with SHA-256 (FIPS 186-5 section 6.4.2). A key that is not a point of the curve
 * verifies nothing. Both s and n - s are accepted, as the standard says: no decision here depends on a signature's bytes.
 * @param publicKey x || y, 64 bytes
 * @param signature r || s, 64 bytes
 */
export async function verifyEcdsa(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (publicKey.length !== 64 || signature.length !== 64) return false;
  return verifyP256(publicKey, message, signature);
}
