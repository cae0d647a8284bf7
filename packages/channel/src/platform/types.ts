/** A value now (Node's synchronous crypto) or later (WebCrypto). */
export type MaybePromise<Value> = Value | Promise<Value>;

/** An AEAD bound to one key (RFC 5116). Nonces are 12 bytes, tags 16 bytes at the end of the ciphertext. */
export interface AeadCipher {
  /** Ciphertext and tag. The caller never repeats a nonce. */
  seal(nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): MaybePromise<Uint8Array>;
  /** The plaintext, or `undefined` when the tag does not verify or is missing. */
  open(nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): MaybePromise<Uint8Array | undefined>;
}

/** An X25519 private key inside the platform's crypto; its bytes are never read back. */
export interface X25519PrivateKey {
  /** RFC 7748 public key: 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The shared secret (RFC 7748 section 6.1): 32 bytes, or `undefined` for a point of small order. */
  agree(publicKey: Uint8Array): MaybePromise<Uint8Array | undefined>;
}

/** The primitives that differ between Node and the web platform. */
export interface Platform {
  /** AEAD ids of RFC 9180 section 7.3 that `createAeadCipher` accepts here. */
  readonly aeads: readonly number[];
  /** A cipher for an id of `aeads`; `key` is 16 or 32 bytes as the id says. */
  createAeadCipher(aead: number, key: Uint8Array): MaybePromise<AeadCipher>;
  /** A fresh X25519 key pair. */
  generateX25519(): MaybePromise<X25519PrivateKey>;
  /** A key pair from its 32 secret bytes (RFC 7748 section 5). */
  importX25519(secretKey: Uint8Array): MaybePromise<X25519PrivateKey>;
}

/** DER of a PKCS #8 private key of X25519 (RFC 8410 section 7) up to its 32 bytes. */
export const X25519_PKCS8_PREFIX: Uint8Array = Uint8Array.of(
  0x30,
  0x2e,
  0x02,
  0x01,
  0x00,
  0x30,
  0x05,
  0x06,
  0x03,
  0x2b,
  0x65,
  0x6e,
  0x04,
  0x22,
  0x04,
  0x20,
);
