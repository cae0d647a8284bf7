import { channelError } from '../errors.ts';
import { KEM } from './suite.ts';

/** What encapsulation gives the sender (RFC 9180 section 4). */
export interface Encapsulation {
  /** The secret both ends share. */
  readonly sharedSecret: Uint8Array;
  /** What the receiver needs to derive the same secret: Nenc bytes. */
  readonly enc: Uint8Array;
}

/** A private key of one KEM, inside the platform's crypto. */
export interface KemPrivateKey {
  /** The serialised public key: Npk bytes. */
  readonly publicKey: Uint8Array;
  /**
   * Decap (RFC 9180 section 4).
   * @throws ERR_CHANNEL_INVALID_KEY when `enc` is no valid encapsulation
   */
  decapsulate(enc: Uint8Array): Promise<Uint8Array>;
  /**
   * Encap to `recipient` with this key in the place of the ephemeral one, for test vectors: a second use would break
   * confidentiality, so no exported verb takes one. Absent where a KEM has no such key.
   */
  encapsulateTo?(recipient: Uint8Array): Promise<Encapsulation>;
}

/** A key encapsulation mechanism; the other ones slot in by implementing this. */
export interface Kem {
  /** Registered number. */
  readonly id: number;
  /** Encap (RFC 9180 section 4). @throws ERR_CHANNEL_INVALID_KEY for a key of a wrong form */
  encapsulate(recipient: Uint8Array): Promise<Encapsulation>;
  /** GenerateKeyPair. */
  generate(): Promise<KemPrivateKey>;
  /** DeserializePrivateKey. @throws ERR_CHANNEL_INVALID_KEY */
  importPrivateKey(secretKey: Uint8Array): Promise<KemPrivateKey>;
}

/** Serialised lengths in bytes (RFC 9180 section 7.1, draft-ietf-hpke-pq): enough to read a message one cannot open. */
export interface KemSizes {
  /** Npk. */
  readonly publicKey: number;
  /** Nenc. */
  readonly enc: number;
}

const SIZES: Readonly<Record<number, KemSizes>> = {
  [KEM.p256]: { publicKey: 65, enc: 65 },
  [KEM.x25519]: { publicKey: 32, enc: 32 },
  [KEM.xwing]: { publicKey: 1216, enc: 1120 },
};

/**
 * Serialised lengths of a known KEM.
 * @throws ERR_CHANNEL_KEM_UNSUPPORTED
 */
export function kemSizes(kem: number): KemSizes {
  const sizes = SIZES[kem];
  if (sizes === undefined) throw channelError('ERR_CHANNEL_KEM_UNSUPPORTED');
  return sizes;
}
