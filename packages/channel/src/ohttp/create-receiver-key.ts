import { systemRandom } from '@cloister/core';
import { findKem } from '../hpke/find-kem.ts';
import { KDF_HKDF_SHA256, KEM, PREFERRED_AEADS, requireSupported } from '../hpke/suite.ts';
import { mintReceiverKey } from './receiver-keys.ts';
import type { ReceiverKey, SymmetricSuite } from './types.ts';

/** Options of `createReceiverKey`. */
export interface ReceiverKeyOptions {
  /**
   * 0 to 255; unless given, each key of this process gets the next number after a random start: keys that live at the
   * same time need different ones, since the receiver takes the first that matches.
   */
  readonly keyId?: number;
  /** KEM id; default DHKEM(X25519, HKDF-SHA256), 32. */
  readonly kem?: number;
  /** In order of preference; default AES-256-GCM, AES-128-GCM, ChaCha20-Poly1305. */
  readonly suites?: readonly SymmetricSuite[];
}

let lastKeyId: number | undefined;

function nextKeyId(): number {
  lastKeyId = ((lastKeyId ?? (systemRandom(1)[0] as number)) + 1) % 256;
  return lastKeyId;
}

const ALL_SUITES: readonly SymmetricSuite[] = PREFERRED_AEADS.map((aead) => ({ kdf: KDF_HKDF_SHA256, aead }));

/**
 * A fresh key for a receiver (RFC 9458 section 3). The private half lives in the platform's crypto, in memory only.
 * @throws ERR_CHANNEL_KEM_UNSUPPORTED, ERR_CHANNEL_KDF_UNSUPPORTED, ERR_CHANNEL_AEAD_UNSUPPORTED, ERR_CHANNEL_INVALID_ARGUMENT
 */
export async function createReceiverKey(options: ReceiverKeyOptions = {}): Promise<ReceiverKey> {
  const { keyId = nextKeyId(), kem = KEM.x25519, suites = ALL_SUITES } = options;
  for (const suite of suites) requireSupported({ kem, ...suite });
  const privateKey = await findKem(kem).generate();
  return mintReceiverKey({ keyId, kem, publicKey: privateKey.publicKey, suites }, privateKey);
}
