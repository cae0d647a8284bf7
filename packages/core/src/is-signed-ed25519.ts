/**
 * Whether an Ed25519 signature (RFC 8032) over `message` is by the holder of `publicKey`: WebCrypto, in Node and browsers.
 * A key or signature of a wrong form is no signature.
 * @param publicKey 32 bytes
 * @param signature 64 bytes
 */
export async function isSignedEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const algorithm = { name: 'Ed25519' };
  const { subtle } = globalThis.crypto;
  try {
    const key = await subtle.importKey('raw', new Uint8Array(publicKey), algorithm, false, ['verify']);
    return await subtle.verify(algorithm, key, new Uint8Array(signature), new Uint8Array(message));
  } catch {
    return false;
  }
}
