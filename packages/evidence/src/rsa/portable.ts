const ALGORITHM = { name: 'RSA-PSS', hash: 'SHA-384' };
const PKCS1 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const PADDING = { name: 'RSA-PSS', saltLength: 48 };

/**
 * RSASSA-PSS with SHA-384, MGF1 with SHA-384 and a salt of 48 bytes (RFC 8017 section 8.1) by WebCrypto.
 * @param publicKey SubjectPublicKeyInfo, DER
 */
export async function verifyRsaPss(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const { subtle } = globalThis.crypto;
  try {
    const key = await subtle.importKey('spki', new Uint8Array(publicKey), ALGORITHM, false, ['verify']);
    return await subtle.verify(PADDING, key, new Uint8Array(signature), new Uint8Array(message));
  } catch {
    return false;
  }
}

/**
 * RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2) by WebCrypto.
 * @param publicKey SubjectPublicKeyInfo, DER
 */
export async function verifyRsaPkcs1(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const { subtle } = globalThis.crypto;
  try {
    const key = await subtle.importKey('spki', new Uint8Array(publicKey), PKCS1, false, ['verify']);
    return await subtle.verify(PKCS1.name, key, new Uint8Array(signature), new Uint8Array(message));
  } catch {
    return false;
  }
}
