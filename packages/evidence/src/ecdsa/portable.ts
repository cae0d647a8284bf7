import { concat } from '@cloister/core';

async function verifyPoint(
  curve: 'P-256' | 'P-384',
  publicKey: Uint8Array,
  [message, signature]: readonly [Uint8Array, Uint8Array],
): Promise<boolean> {
  const point = new Uint8Array(concat(Uint8Array.of(0x04), publicKey));
  const hash = curve === 'P-256' ? 'SHA-256' : 'SHA-384';
  const { subtle } = globalThis.crypto;
  try {
    const key = await subtle.importKey('raw', point, { name: 'ECDSA', namedCurve: curve }, false, ['verify']);
    return await subtle.verify({ name: 'ECDSA', hash }, key, new Uint8Array(signature), new Uint8Array(message));
  } catch {
    return false;
  }
}

/** ECDSA P-256 with SHA-256 (FIPS 186-5) by WebCrypto. `publicKey` is x || y, `signature` r || s, 64 bytes each. */
export async function verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  return verifyPoint('P-256', publicKey, [message, signature]);
}

/** ECDSA P-384 with SHA-384 (FIPS 186-5) by WebCrypto. `publicKey` is x || y, `signature` r || s, 96 bytes each. */
export async function verifyP384(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  return verifyPoint('P-384', publicKey, [message, signature]);
}
