/**
 * Whether `signature` (64 bytes) is a valid Ed25519 signature of `message` under `publicKey` (32 bytes), RFC 8032
 * section 5.1.7, by WebCrypto: a non-canonical scalar and a point that does not decode are refused. Input of another
 * length is simply not valid.
 */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    const { subtle } = globalThis.crypto;
    const key = await subtle.importKey('raw', Uint8Array.from(publicKey), 'Ed25519', false, ['verify']);
    return await subtle.verify('Ed25519', key, Uint8Array.from(signature), Uint8Array.from(message));
  } catch {
    return false;
  }
}
