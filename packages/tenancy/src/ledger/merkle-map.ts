import { concat, sha256, utf8 } from '@cloister/core';
import type { LedgerEntry } from '@cloister/core';

/** One entry, as its hash. */
export interface MerkleLeaf {
  /** 32 hex digits: the path, four bits a digit. */
  readonly id: string;
  readonly hash: Uint8Array;
}

interface MerkleBranch {
  readonly left: MerkleMap;
  readonly right: MerkleMap;
  /** Filled when somebody asks for it. */
  hash: Uint8Array | undefined;
}

/**
 * A Merkle tree over a map: the first bit of an id leads left or right, and so on; a subtree of one entry is that entry.
 * So a set of entries has one root, whatever order they came in. Never changed in place: an update shares what stays.
 */
export type MerkleMap = MerkleLeaf | MerkleBranch | undefined;

/** A leaf to put, or with `undefined` an id to remove. */
export type MerkleChange = readonly [id: string, hash: Uint8Array | undefined];

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const EMPTY = new Uint8Array(32);

/**
 * SHA-256(0x00 || id || document || version || digest || tags), in hex digits of fixed width: an entry has one reading.
 */
export function hashEntry({ id, document, version, digest, tags }: LedgerEntry): Uint8Array {
  const text = id + document.padStart(32, '0') + version.toString(16).padStart(16, '0') + digest + tags.join('');
  return sha256(concat(LEAF, utf8(text)));
}

/** The root: 32 zero bytes of nothing, a leaf's own hash, else SHA-256(0x01 || left || right). */
export function merkleRoot(map: MerkleMap): Uint8Array {
  if (map === undefined) return EMPTY;
  if ('id' in map) return map.hash;
  return (map.hash ??= sha256(concat(NODE, merkleRoot(map.left), merkleRoot(map.right))));
}

/** The map after `changes`, each id once, sorted by id. Costs what changes, not what the map holds. */
export function updateMerkleMap(map: MerkleMap, changes: readonly MerkleChange[], depth = 0): MerkleMap {
  if (changes.length === 0) return map;
  if (map === undefined || 'id' in map) return build(withLeaf(changes, map), depth);
  const middle = splitAt(changes, depth);
  return join(
    updateMerkleMap(map.left, changes.slice(0, middle), depth + 1),
    updateMerkleMap(map.right, changes.slice(middle), depth + 1),
  );
}

function withLeaf(changes: readonly MerkleChange[], leaf: MerkleLeaf | undefined): readonly MerkleChange[] {
  const kept = changes.filter(([, hash]) => hash !== undefined);
  if (leaf === undefined || changes.some(([id]) => id === leaf.id)) return kept;
  return [...kept, [leaf.id, leaf.hash] as const].toSorted(([left], [right]) => (left < right ? -1 : 1));
}

function build(leaves: readonly MerkleChange[], depth: number): MerkleMap {
  const [first] = leaves;
  if (first?.[1] === undefined) return undefined;
  if (leaves.length === 1) return { id: first[0], hash: first[1] };
  const middle = splitAt(leaves, depth);
  return {
    left: build(leaves.slice(0, middle), depth + 1),
    right: build(leaves.slice(middle), depth + 1),
    hash: undefined,
  };
}

/** A removal may leave one entry alone below a branch: then the branch goes. */
function join(left: MerkleMap, right: MerkleMap): MerkleMap {
  if (left === undefined && (right === undefined || 'id' in right)) return right;
  if (right === undefined && left !== undefined && 'id' in left) return left;
  return { left, right, hash: undefined };
}

/** Where in the sorted list the ids begin whose bit at this depth is 1. */
function splitAt(changes: readonly MerkleChange[], depth: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bitOf((changes[middle] as MerkleChange)[0], depth) === 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function bitOf(id: string, depth: number): number {
  return (Number.parseInt(id[depth >> 2] as string, 16) >> (3 - (depth & 3))) & 1;
}
