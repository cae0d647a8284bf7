import { findKem } from './find-kem.ts';
import type { KemPrivateKey } from './kem.ts';

/**
 * DeserializePrivateKey (RFC 9180 section 7.1.2): a private key of KEM `kem` from its bytes.
 * @throws ERR_CHANNEL_KEM_UNSUPPORTED, ERR_CHANNEL_INVALID_KEY
 */
export async function importHpkePrivateKey(kem: number, secretKey: Uint8Array): Promise<KemPrivateKey> {
  return findKem(kem).importPrivateKey(secretKey);
}
