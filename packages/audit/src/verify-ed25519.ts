import { ed25519 } from '#ed25519';

/**
 * Whether `signature` (64 bytes) is a valid Ed25519 signature of `message` under `publicKey` (32 bytes), RFC 8032
 * section 5.1.7: a non-canonical scalar and a point that does not decode are refused. Input of another length is simply
 * not valid.
 */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    return await ed25519.verify(publicKey, message, signature);
  } catch {
    return false;
  }
}
