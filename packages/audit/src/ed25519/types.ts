/** A private key that is not given out. */
export interface SigningKey {
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Uint8Array;
  /** The 64-byte signature of a message. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** Ed25519 (RFC 8032) as one runtime offers it. */
export interface Ed25519Platform {
  /** A key from its 32-byte seed, or a fresh one that exists in memory only. */
  createSigningKey(seed: Uint8Array | undefined): SigningKey | Promise<SigningKey>;
  /** Whether 64 bytes are a valid signature under 32 bytes of public key. Throws on a key that cannot be read. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>;
}

/** PKCS #8 (RFC 8410 section 7) in hex, up to the 32 bytes of the seed. */
export const PKCS8_PREFIX = '302e020100300506032b657004220420';
