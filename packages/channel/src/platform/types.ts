/** A value now (Node's synchronous crypto) or later (WebCrypto). */
export type MaybePromise<Value> = Value | Promise<Value>;

/** An AEAD bound to one key (RFC 5116). Nonces are 12 bytes, tags 16 bytes at the end of the ciphertext. */
export interface AeadCipher {
  /** Ciphertext and tag. The caller never repeats a nonce. */
  seal(nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): MaybePromise<Uint8Array>;
  /** The plaintext, or `undefined` when the tag does not verify or is missing. */
  open(nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): MaybePromise<Uint8Array | undefined>;
}

/** A Diffie-Hellman private key inside the platform's crypto; its bytes are never read back. */
export interface DhPrivateKey {
  /** X25519: 32 bytes (RFC 7748). P-256: 65 bytes, the uncompressed point (SEC 1 section 2.3.3). */
  readonly publicKey: Uint8Array;
  /**
   * The shared secret, 32 bytes: RFC 7748 section 6.1, or the x coordinate on P-256. `undefined` for a point of small order
   * and for bytes that are no point.
   */
  agree(publicKey: Uint8Array): MaybePromise<Uint8Array | undefined>;
}

/** A Diffie-Hellman group of the platform. */
export interface DhGroup {
  /** A fresh key pair. */
  generate(): MaybePromise<DhPrivateKey>;
  /** A key pair from its 32 secret bytes; `undefined` when they are no key of the group. */
  importPrivateKey(secretKey: Uint8Array): MaybePromise<DhPrivateKey | undefined>;
}

/** An ML-KEM-768 decapsulation key (FIPS 203). */
export interface MlKemPrivateKey {
  /** The encapsulation key: 1184 bytes. */
  readonly publicKey: Uint8Array;
  /** The shared secret, 32 bytes; a ciphertext of 1088 bytes always gives one (implicit rejection). */
  decapsulate(ciphertext: Uint8Array): MaybePromise<Uint8Array>;
}

/** ML-KEM-768 (FIPS 203). */
export interface MlKem {
  /** ML-KEM.KeyGen_internal: a key pair from its 64-byte seed d || z. */
  importSeed(seed: Uint8Array): MaybePromise<MlKemPrivateKey>;
  /** ML-KEM.Encaps; `undefined` for an encapsulation key that fails the checks of FIPS 203 section 7.2. */
  encapsulate(
    publicKey: Uint8Array,
  ): MaybePromise<{ readonly ciphertext: Uint8Array; readonly sharedSecret: Uint8Array } | undefined>;
}

/** The primitives that differ between Node and the web platform. */
export interface Platform {
  /** A cipher for AEAD id 1, 2 or 3 of RFC 9180 section 7.3; `key` is 16 or 32 bytes as the id says. */
  createAeadCipher(aead: number, key: Uint8Array): MaybePromise<AeadCipher>;
  readonly x25519: DhGroup;
  readonly p256: DhGroup;
  /** Text whose characters are the bytes (ISO 8859-1), as Fetch reads header values. */
  toByteString(bytes: Uint8Array): string;
  /** Bytes of such a text; the caller has made sure that no character is above U+00FF. */
  fromByteString(text: string): Uint8Array;
  /** SHA3-256 (FIPS 202): 32 bytes. */
  sha3(bytes: Uint8Array): Uint8Array;
  /** Loaded at the first use: few browsers have it, and a library takes its place there. */
  mlKem768(): MaybePromise<MlKem>;
}
