import { sha256, systemRandom, toHex } from '@cloister/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMerkleTree } from './create-merkle-tree.ts';
import type { MerkleTree } from './create-merkle-tree.ts';
import { leafHash, nodeHash } from './hash.ts';
import { verifyConsistency } from './verify-consistency.ts';
import { verifyInclusion } from './verify-inclusion.ts';

const refused = expect.objectContaining({ code: 'ERR_AUDIT_PROOF' });
const SIZE = 70;

/** MTH of RFC 6962 section 2.1, word for word. */
function naiveRoot(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0) return sha256(new Uint8Array(0));
  if (entries.length === 1) return leafHash(entries[0] ?? new Uint8Array(0));
  let k = 1;
  while (k * 2 < entries.length) k *= 2;
  return nodeHash(naiveRoot(entries.slice(0, k)), naiveRoot(entries.slice(k)));
}

const entries = Array.from({ length: SIZE }, (_, index) => Uint8Array.of(index));
const tree = treeOf(entries);

function treeOf(all: readonly Uint8Array[]): MerkleTree {
  const grown = createMerkleTree();
  for (const entry of all) grown.append(leafHash(entry));
  return grown;
}

describe('createMerkleTree', () => {
  it('has the root of the definition at every size', () => {
    for (let size = 0; size <= SIZE; size++) expect(tree.root(size)).toEqual(naiveRoot(entries.slice(0, size)));
  });

  it('proves every leaf of every tree', () => {
    for (let size = 1; size <= SIZE; size++) {
      for (let index = 0; index < size; index++) {
        const proof = tree.inclusionProof(index, size);
        verifyInclusion({ index, size, leafHash: tree.node(0, index), proof, root: tree.root(size) });
      }
    }
    expect(tree.size).toBe(SIZE);
  });

  it('proves every tree to be a prefix of every later one', () => {
    for (let size2 = 1; size2 <= SIZE; size2++) {
      for (let size1 = 1; size1 <= size2; size1++) {
        const proof = tree.consistencyProof(size1, size2);
        verifyConsistency({ size1, size2, root1: tree.root(size1), root2: tree.root(size2), proof });
      }
    }
    expect(tree.consistencyProof(SIZE, SIZE)).toEqual([]);
  });

  it('refuses positions it does not have', () => {
    const calls = [
      () => tree.root(SIZE + 1),
      () => tree.root(-1),
      () => tree.inclusionProof(SIZE),
      () => tree.inclusionProof(0, 0),
      () => tree.inclusionProof(0.5),
      () => tree.consistencyProof(0, 5),
      () => tree.consistencyProof(6, 5),
      () => tree.node(0, SIZE),
      () => tree.node(9, 0),
    ];
    for (const call of calls) expect(call).toThrow(refused);
  });
});

const position = fc.integer({ min: 1, max: SIZE }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)));

describe('verification', () => {
  it('refuses a leaf in any other place of any other tree', () => {
    fc.assert(
      fc.property(position, position, ([size, index], [otherSize, otherIndex]) => {
        fc.pre(index !== otherIndex || toHex(tree.root(size)) !== toHex(tree.root(otherSize)));
        const proof = tree.inclusionProof(index, size);
        const claim = {
          index: otherIndex,
          size: otherSize,
          leafHash: tree.node(0, index),
          proof,
          root: tree.root(otherSize),
        };
        expect(() => verifyInclusion(claim)).toThrow(refused);
      }),
    );
  });

  it('refuses a proof with a changed, missing or added hash', () => {
    fc.assert(
      fc.property(position, fc.nat(10), ([size, index], place) => {
        const proof = tree.inclusionProof(index, size);
        const claim = { index, size, leafHash: tree.node(0, index), root: tree.root(size) };
        const changed = proof.map((hash, at) => (at === place % proof.length ? systemRandom(32) : hash));
        for (const other of [[...proof, systemRandom(32)], proof.slice(1), changed].filter(
          (_, at) => at === 0 || proof.length > 0,
        )) {
          expect(() => verifyInclusion({ ...claim, proof: other })).toThrow(refused);
        }
      }),
    );
  });

  it('refuses a history that was rewritten', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: SIZE }), fc.integer({ min: 1, max: SIZE }), fc.nat(), (one, two, at) => {
        const [size1, size2] = [Math.min(one, two), Math.max(one, two)];
        const rewritten = treeOf(entries.map((entry, index) => (index === at % size1 ? Uint8Array.of(255, 1) : entry)));
        const proof = rewritten.consistencyProof(size1, size2);
        const claim = { size1, size2, root1: tree.root(size1), root2: rewritten.root(size2), proof };
        expect(() => verifyConsistency(claim)).toThrow(refused);
      }),
    );
  });

  it('is exact beyond 32 bits', () => {
    const [size, index] = [2 ** 40, 2 ** 39 + 1];
    const leaf = systemRandom(32);
    const proof = Array.from({ length: 40 }, () => systemRandom(32));
    const root = proof.reduce(
      (hash, sibling, level) =>
        Math.floor(index / 2 ** level) % 2 === 1 ? nodeHash(sibling, hash) : nodeHash(hash, sibling),
      leaf,
    );
    verifyInclusion({ index, size, leafHash: leaf, proof, root });
    expect(() => verifyInclusion({ index: index - 1, size, leafHash: leaf, proof, root })).toThrow(refused);
  });
});
