import { createHash, hash } from 'node:crypto';
import type { HashAlgorithm, IncrementalHash } from './types.ts';

/** Node's native SHA-2 (FIPS 180-4). `bytes` are hashed in one call; the digest is 32, 48 or 64 bytes. */
export function digest(algorithm: HashAlgorithm, bytes: Uint8Array): Uint8Array {
  return plain(hash(algorithm, bytes, 'buffer'));
}

/** As `digest`, in lower-case hex: Node writes it faster than bytes, which would have to be copied. */
export function digestHex(algorithm: HashAlgorithm, bytes: Uint8Array): string {
  return hash(algorithm, bytes, 'hex');
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

const BLOCK_LENGTHS: Readonly<Record<HashAlgorithm, number>> = { sha256: 64, sha384: 128, sha512: 128 };

/**
 * HMAC (RFC 2104) over SHA-2; the tag has the hash's full length. Two hashes in one call each: `createHmac` makes three objects
 * and takes twice as long on short messages.
 */
export function hmac(algorithm: HashAlgorithm, key: Uint8Array, message: Uint8Array): Uint8Array {
  const block = BLOCK_LENGTHS[algorithm];
  const short = key.length > block ? hash(algorithm, key, 'buffer') : key;
  const inner = pad(short, block, 0x36, message);
  const outer = pad(short, block, 0x5c, hash(algorithm, inner, 'buffer'));
  const tag = plain(hash(algorithm, outer, 'buffer'));
  inner.fill(0, 0, block);
  outer.fill(0, 0, block);
  return tag;
}

function pad(key: Uint8Array, block: number, mask: number, rest: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(block + rest.length);
  bytes.set(key);
  for (let index = 0; index < block; index++) bytes[index] = (bytes[index] ?? 0) ^ mask;
  bytes.set(rest, block);
  return bytes;
}

/** A Buffer behaves differently (`slice` shares memory, `toString` encodes), so callers get what the portable variant gives. */
function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer);
}
