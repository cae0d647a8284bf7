import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';

const LEAF = Uint8Array.of(0);
/** A one, then two hashes: used again each time. */
const PAIR = new Uint8Array(65).fill(1, 0, 1);

/** SHA-256 of parts in order. */
export function sha256(...parts: readonly Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat(parts), 'buffer');
}

/** RFC 6962 section 2.1: the hash of a leaf. */
export function leafHash(entry: Uint8Array): Buffer {
  return sha256(LEAF, entry);
}

/** RFC 6962 section 2.1: the hash over two subtrees. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  PAIR.set(left, 1);
  PAIR.set(right, 33);
  return hash('sha256', PAIR, 'buffer');
}
