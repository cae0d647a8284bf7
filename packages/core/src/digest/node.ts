import { createHash, createHmac, createSecretKey } from 'node:crypto';
import type { HashAlgorithm, IncrementalHash } from './types.ts';

/** Node's native SHA-2 (FIPS 180-4). `bytes` are hashed in one call; the digest is 32, 48 or 64 bytes. */
export function digest(algorithm: HashAlgorithm, bytes: Uint8Array): Uint8Array {
  return createHash(algorithm).update(bytes).digest();
}

/** A running SHA-2 state (FIPS 180-4) for input that arrives in pieces. */
export function createDigest(algorithm: HashAlgorithm): IncrementalHash {
  const hash = createHash(algorithm);
  return {
    update(bytes: Uint8Array): void {
      hash.update(bytes);
    },
    digest: (): Uint8Array => hash.digest(),
  };
}

/** HMAC (RFC 2104) over SHA-2; the tag has the hash's full length. A key object is three times as fast as raw bytes. */
export function hmac(algorithm: HashAlgorithm, key: Uint8Array, message: Uint8Array): Uint8Array {
  return createHmac(algorithm, createSecretKey(key)).update(message).digest();
}
