const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };

/** ECDSA P-256 with SHA-256 (FIPS 186-5) by WebCrypto. `publicKey` is x || y, `signature` r || s, 64 bytes each. */
export async function verifyP256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const point = new Uint8Array(65);
  point[0] = 0x04;
  point.set(publicKey, 1);
  try {
    const key = await globalThis.crypto.subtle.importKey('raw', point, CURVE, false, ['verify']);
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
    return await globalThis.crypto.subtle.verify(algorithm, key, new Uint8Array(signature), new Uint8Array(message));
  } catch {
    return false;
  }
}
