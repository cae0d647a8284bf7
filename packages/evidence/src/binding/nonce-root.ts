import { concat, sha256 } from '@cloister/core';
import { evidenceError } from '../errors.ts';

/** How many nonces may share one quote (DESIGN 6.1). */
export const MAX_NONCES = 256;
const NONCE_LENGTH = 32;

/** Where a nonce stands in the tree whose root a quote vouches for (RFC 6962 section 2.1.1). */
export interface NonceProof {
  /** Zero-based leaf index. */
  readonly index: number;
  /** Number of leaves, 1 to 256. */
  readonly size: number;
  /** Sibling hashes from leaf to root, 32 bytes each. */
  readonly path: readonly Uint8Array[];
}

/** The root over a batch of nonces, and the proof of each in order. */
export interface NonceTree {
  /** 32 bytes. */
  readonly root: Uint8Array;
  readonly proofs: readonly NonceProof[];
}

function leafHash(nonce: Uint8Array): Uint8Array {
  return sha256(concat(Uint8Array.of(0x00), nonce));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat(Uint8Array.of(0x01), left, right));
}

/** The hash of a range of leaves; appends to the path of every leaf below what stands beside it. */
function buildRange(leaves: readonly Uint8Array[], paths: readonly Uint8Array[][]): Uint8Array {
  const [first] = leaves;
  if (leaves.length === 1 && first !== undefined) return first;
  // The left part is the largest power of two smaller than the range.
  const split = 2 ** (31 - Math.clz32(leaves.length - 1));
  const left = buildRange(leaves.slice(0, split), paths.slice(0, split));
  const right = buildRange(leaves.slice(split), paths.slice(split));
  for (const path of paths.slice(0, split)) path.push(right);
  for (const path of paths.slice(split)) path.push(left);
  return nodeHash(left, right);
}

/**
 * The RFC 6962 root over the nonces that share a quote, with the path of each.
 * @param nonces 1 to 256 nonces of 32 bytes
 * @throws CloisterError ERR_EVIDENCE_NONCES_INVALID
 */
export function createNonceRoot(nonces: readonly Uint8Array[]): NonceTree {
  if (nonces.length < 1 || nonces.length > MAX_NONCES || nonces.some(({ length }) => length !== NONCE_LENGTH)) {
    throw evidenceError('ERR_EVIDENCE_NONCES_INVALID');
  }
  const paths: Uint8Array[][] = nonces.map(() => []);
  const root = buildRange(nonces.map(leafHash), paths);
  return { root, proofs: paths.map((path, index) => ({ index, size: nonces.length, path })) };
}

/**
 * The root that a nonce and its path lead to (RFC 9162 section 2.1.3.2). Whether it is the right one shows in the report data.
 * @throws CloisterError ERR_EVIDENCE_NONCES_INVALID when the path does not fit index and size
 */
export function computeNonceRoot(nonce: Uint8Array, { index, size, path }: NonceProof): Uint8Array {
  const isInRange =
    Number.isSafeInteger(size) &&
    Number.isSafeInteger(index) &&
    size >= 1 &&
    size <= MAX_NONCES &&
    index >= 0 &&
    index < size;
  if (!isInRange || nonce.length !== NONCE_LENGTH) throw evidenceError('ERR_EVIDENCE_NONCES_INVALID');
  let position = index;
  let last = size - 1;
  let hash = leafHash(nonce);
  for (const sibling of path) {
    if (last === 0 || sibling.length !== NONCE_LENGTH) throw evidenceError('ERR_EVIDENCE_NONCES_INVALID');
    const isRight = position % 2 === 1 || position === last;
    hash = isRight ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    // A leaf without a sibling rises to the level where it has one.
    while (isRight && position % 2 === 0 && position !== 0) [position, last] = [position >> 1, last >> 1];
    [position, last] = [position >> 1, last >> 1];
  }
  if (last !== 0) throw evidenceError('ERR_EVIDENCE_NONCES_INVALID');
  return hash;
}
