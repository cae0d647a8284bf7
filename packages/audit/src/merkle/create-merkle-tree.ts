import { auditError } from '../errors.ts';
import { emptyRoot, nodeHash } from './hash.ts';

/** A growing tree of RFC 6962, in memory: 64 bytes a leaf. */
export interface MerkleTree {
  /** Leaves so far. */
  readonly size: number;
  /** Adds a leaf's hash at the end. */
  append(leafHash: Uint8Array): void;
  /** The root over the first `size` leaves (section 2.1). */
  root(size?: number): Uint8Array;
  /** The path of a leaf in the tree of the first `size` leaves (section 2.1.1). */
  inclusionProof(index: number, size?: number): readonly Uint8Array[];
  /** The proof that the first `size1` leaves are a prefix of the first `size2` (section 2.1.2). */
  consistencyProof(size1: number, size2?: number): readonly Uint8Array[];
  /** A copy of the hash of the complete subtree of 2^level leaves with this index at its level. */
  node(level: number, index: number): Uint8Array;
}

/**
 * An empty tree. Its methods throw CloisterError `ERR_AUDIT_PROOF` on positions that the tree does not have.
 */
export function createMerkleTree(): MerkleTree {
  // The hash at place i of level n is that over leaves [i * 2^n, (i + 1) * 2^n), for complete subtrees only.
  const levels: HashList[] = [new HashList()];
  const size = (): number => levels[0]?.length ?? 0;

  function node(level: number, index: number): Uint8Array {
    const hash = levels[level]?.at(index);
    if (hash === undefined) throw auditError('ERR_AUDIT_PROOF');
    return hash;
  }

  function append(leafHash: Uint8Array): void {
    let hash = leafHash;
    for (let level = 0; ; level++) {
      const hashes = (levels[level] ??= new HashList());
      hashes.push(hash);
      if (hashes.length % 2 === 1) return;
      hash = nodeHash(node(level, hashes.length - 2), hash);
    }
  }

  /** MTH(D[start:end]), where `start` is a multiple of the largest power of two below or at `end - start`. */
  function subtree(start: number, end: number): Uint8Array {
    const width = end - start;
    const level = Math.log2(width);
    if (Number.isInteger(level)) return node(level, start / width);
    const middle = start + split(width);
    return nodeHash(subtree(start, middle), subtree(middle, end));
  }

  /** PATH(index, D[start:end]) of section 2.1.1. */
  function path(index: number, start: number, end: number): Uint8Array[] {
    if (end - start === 1) return [];
    const middle = start + split(end - start);
    return index < middle
      ? [...path(index, start, middle), subtree(middle, end)]
      : [...path(index, middle, end), subtree(start, middle)];
  }

  /** SUBPROOF(size, D[start:end], whole) of section 2.1.2; `size` counts from 0. */
  function subproof(size1: number, start: number, end: number, whole: boolean): Uint8Array[] {
    if (size1 === end) return whole ? [] : [subtree(start, end)];
    const middle = start + split(end - start);
    return size1 <= middle
      ? [...subproof(size1, start, middle, whole), subtree(middle, end)]
      : [...subproof(size1, middle, end, false), subtree(start, middle)];
  }

  function check(valid: boolean): void {
    if (!valid) throw auditError('ERR_AUDIT_PROOF');
  }

  const within = (value: number, least: number, most: number): boolean =>
    Number.isSafeInteger(value) && value >= least && value <= most;

  return {
    get size() {
      return size();
    },
    append,
    node,
    root(treeSize = size()) {
      check(within(treeSize, 0, size()));
      return treeSize === 0 ? emptyRoot() : subtree(0, treeSize);
    },
    inclusionProof(index, treeSize = size()) {
      check(within(treeSize, 1, size()) && within(index, 0, treeSize - 1));
      return path(index, 0, treeSize);
    },
    consistencyProof(size1, size2 = size()) {
      check(within(size2, 1, size()) && within(size1, 1, size2));
      return subproof(size1, 0, size2, true);
    },
  };
}

const HASH_LENGTH = 32;
const BLOCK = 256;

/** Hashes in few large arrays: one of its own for each would cost the garbage collector more than the hashing. */
class HashList {
  readonly #blocks: Uint8Array[] = [];
  length = 0;

  push(hash: Uint8Array): void {
    if (this.length % BLOCK === 0) this.#blocks.push(new Uint8Array(BLOCK * HASH_LENGTH));
    this.#blocks.at(-1)?.set(hash, (this.length % BLOCK) * HASH_LENGTH);
    this.length += 1;
  }

  /** A copy, so that nobody changes the tree. */
  at(index: number): Uint8Array | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) return undefined;
    const start = (index % BLOCK) * HASH_LENGTH;
    return this.#blocks[Math.floor(index / BLOCK)]?.slice(start, start + HASH_LENGTH);
  }
}

/** The largest power of two below `width`, which is at least 2. */
function split(width: number): number {
  return 2 ** Math.floor(Math.log2(width - 1));
}
