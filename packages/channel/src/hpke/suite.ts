import { concat, bigEndian, utf8 } from '@cloister/core';
import { channelError } from '../errors.ts';

/** Key encapsulation mechanisms by their registered numbers (RFC 9180 section 7.1, draft-ietf-hpke-pq). */
export const KEM = { p256: 0x0010, x25519: 0x0020, xwing: 0x647a } as const;

/** HKDF-SHA256 (RFC 9180 section 7.2): the only KDF of this package. */
export const KDF_HKDF_SHA256 = 0x0001;

/** AEADs by their registered numbers (RFC 9180 section 7.3). */
export const AEAD = { aes128Gcm: 0x0001, aes256Gcm: 0x0002, chacha20Poly1305: 0x0003, exportOnly: 0xffff } as const;

/** The AEADs for messages, the preferred one first (DESIGN 6.2). */
export const PREFERRED_AEADS: readonly number[] = [AEAD.aes256Gcm, AEAD.aes128Gcm, AEAD.chacha20Poly1305];

/** The three registered numbers that make an HPKE cipher suite. */
export interface HpkeSuite {
  readonly kem: number;
  readonly kdf: number;
  readonly aead: number;
}

/** Lengths in bytes that an AEAD prescribes (RFC 9180 section 7.3). */
export interface AeadSizes {
  /** Nk. */
  readonly key: number;
  /** Nn. */
  readonly nonce: number;
}

const SIZES: Readonly<Record<number, AeadSizes>> = {
  [AEAD.aes128Gcm]: { key: 16, nonce: 12 },
  [AEAD.aes256Gcm]: { key: 32, nonce: 12 },
  [AEAD.chacha20Poly1305]: { key: 32, nonce: 12 },
};

/**
 * Key and nonce lengths of an AEAD id.
 * @throws ERR_CHANNEL_EXPORT_ONLY, ERR_CHANNEL_AEAD_UNSUPPORTED
 */
export function aeadSizes(aead: number): AeadSizes {
  if (aead === AEAD.exportOnly) throw channelError('ERR_CHANNEL_EXPORT_ONLY');
  const sizes = SIZES[aead];
  if (sizes === undefined) throw channelError('ERR_CHANNEL_AEAD_UNSUPPORTED');
  return sizes;
}

/**
 * Refuses what this package cannot do; the KEM is checked where it is looked up.
 * @throws ERR_CHANNEL_KDF_UNSUPPORTED, ERR_CHANNEL_AEAD_UNSUPPORTED
 */
export function requireSupported(suite: HpkeSuite): void {
  if (suite.kdf !== KDF_HKDF_SHA256) throw channelError('ERR_CHANNEL_KDF_UNSUPPORTED');
  if (suite.aead !== AEAD.exportOnly) aeadSizes(suite.aead);
}

/** `suite_id` of the key schedule (RFC 9180 section 5.1). */
export function hpkeSuiteId(suite: HpkeSuite): Uint8Array {
  return concat(utf8('HPKE'), bigEndian(suite.kem, 2), bigEndian(suite.kdf, 2), bigEndian(suite.aead, 2));
}
