import { createHash, createHmac, createSecretKey } from 'node:crypto';
import type { HashAlgorithm, IncrementalHash } from './types.ts';

/** Node's native SHA-2 (FIPS 180-4). `bytes` are hashed in one call; the digest is 32, 48 or 64 bytes. */
export function digest(algorithm: HashAlgorithm, bytes: Uint8Array): Uint8Array {
  return plain(createHash(algorithm).update(bytes).digest());
}

/** A running SHA-2 state (FIPS 180-4) for input that arrives in pieces. */
export function createDigest(algorithm: HashAlgorithm): IncrementalHash {
  const hash = createHash(algorithm);
  return {
    update(bytes: Uint8Array): void {
      hash.update(bytes);
    },
    digest: (): Uint8Array => plain(hash.digest()),
  };
}

/** HMAC (RFC 2104) over SHA-2; the tag has the hash's full length. A key object is three times as fast as raw bytes. */
export function hmac(algorithm: HashAlgorithm, key: Uint8Array, message: Uint8Array): Uint8Array {
  return plain(createHmac(algorithm, createSecretKey(key)).update(message).digest());
}

/** A Buffer behaves differently (`slice` shares memory, `toString` encodes), so callers get what the portable variant gives. */
function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer);
}
