import { Buffer } from 'node:buffer';
import { constants, createPublicKey, verify } from 'node:crypto';

const PADDING = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };

/**
 * RSASSA-PSS with SHA-384, MGF1 with SHA-384 and a salt of 48 bytes (RFC 8017 section 8.1) by Node's native code.
 * @param publicKey SubjectPublicKeyInfo, DER
 */
export async function verifyRsaPss(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'rsa' && verify('sha384', message, { key, ...PADDING }, signature);
  } catch {
    return false;
  }
}

/**
 * RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2) by Node's native code.
 * @param publicKey SubjectPublicKeyInfo, DER
 */
export async function verifyRsaPkcs1(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'rsa' && verify('sha256', message, key, signature);
  } catch {
    return false;
  }
}
