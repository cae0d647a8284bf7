import { verifyP256, verifyP384 } from '#ecdsa';

/**
 * Verifies an ECDSA signature over P-256 with SHA-256 or over P-384 with SHA-384 (FIPS 186-5 section 6.4.2); the length
 * says which. A key that is not a point of the curve verifies nothing. Both s and n - s are accepted, as the standard says:
 * no decision here depends on a signature's bytes.
 * @param publicKey x || y, 64 or 96 bytes
 * @param signature r || s, as long as the key
 */
export async function verifyEcdsa(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (publicKey.length !== signature.length) return false;
  if (publicKey.length === 64) return verifyP256(publicKey, message, signature);
  return publicKey.length === 96 && verifyP384(publicKey, message, signature);
}
