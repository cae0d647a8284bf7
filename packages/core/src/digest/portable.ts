import { hmac as nobleHmac } from '@noble/hashes/hmac.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { toHex } from '../text-encodings.ts';
import type { HashAlgorithm, IncrementalHash } from './types.ts';

const HASHES = { sha256, sha384, sha512 } as const;

/** SHA-2 (FIPS 180-4) where `node:crypto` does not exist; WebCrypto has no incremental form and is async. */
export function digest(algorithm: HashAlgorithm, bytes: Uint8Array): Uint8Array {
  return HASHES[algorithm](bytes);
}

/** As `digest`, in lower-case hex. */
export function digestHex(algorithm: HashAlgorithm, bytes: Uint8Array): string {
  return toHex(digest(algorithm, bytes));
}

/** A running SHA-2 state (FIPS 180-4) for input that arrives in pieces. */
export function createDigest(algorithm: HashAlgorithm): IncrementalHash {
  const hash = HASHES[algorithm].create();
  return {
    update(bytes: Uint8Array): void {
      hash.update(bytes);
    },
    digest: (): Uint8Array => hash.digest(),
  };
}

/** HMAC (RFC 2104) over SHA-2; the tag has the hash's full length. */
export function hmac(algorithm: HashAlgorithm, key: Uint8Array, message: Uint8Array): Uint8Array {
  return nobleHmac(HASHES[algorithm], key, message);
}
