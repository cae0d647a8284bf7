import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flipBit } from '../../../../test/evidence/load-vectors.ts';
import { computeNonceRoot, createNonceRoot } from './nonce-root.ts';

const nonces = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => new Uint8Array(32).fill(index));
const refusal = expect.objectContaining({ code: 'ERR_EVIDENCE_NONCES_INVALID' });

/** RFC 6962 section 2.1 written down once more, from its text. */
function treeHash(leaves: readonly Uint8Array[]): Buffer {
  const hash = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
  if (leaves.length === 1) return hash(Buffer.of(0), ...leaves);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hash(Buffer.of(1), treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

describe('the root', () => {
  test.each([1, 2, 3, 5, 8, 13, 255, 256])(
    'over %i nonces is that of RFC 6962, and every path leads to it',
    (count) => {
      const { root, proofs } = createNonceRoot(nonces(count));
      expect(Buffer.from(root)).toEqual(treeHash(nonces(count)));
      for (const [index, nonce] of nonces(count).entries()) {
        const proof = proofs[index] ?? { index: -1, size: 0, path: [] };
        expect(proof).toMatchObject({ index, size: count });
        expect(computeNonceRoot(nonce, proof)).toEqual(root);
      }
    },
  );

  test.each([
    ['no nonce', []],
    ['257 nonces', nonces(257)],
    ['a short nonce', [new Uint8Array(31)]],
  ])('refuses %s', (_, given) => {
    expect(() => createNonceRoot(given)).toThrow(refusal);
  });
});

test('another nonce, index, size or path leads elsewhere or nowhere', () => {
  const arbitrary = fc
    .nat({ max: 63 })
    .chain((last) => fc.record({ size: fc.constant(last + 1), index: fc.nat({ max: last }) }));
  fc.assert(
    fc.property(arbitrary, fc.nat(), fc.nat(), ({ size, index }, change, position) => {
      const all = nonces(size);
      const { root, proofs } = createNonceRoot(all);
      const proof = proofs[index] ?? { index: 0, size: 0, path: [] };
      const nonce = all[index] ?? new Uint8Array(32);
      const reaches = (given: Uint8Array, changed: typeof proof): boolean => {
        try {
          return Buffer.from(computeNonceRoot(given, changed)).equals(root);
        } catch {
          return false;
        }
      };
      const path = proof.path.map((hash, level) =>
        level === position % proof.path.length ? flipBit(hash, change % 32) : hash,
      );
      expect(reaches(nonce, proof)).toBe(true);
      expect(reaches(flipBit(nonce, change % 32), proof)).toBe(false);
      expect(reaches(nonce, { ...proof, path: [...proof.path, nonce] })).toBe(false);
      if (size === 1) return;
      expect(reaches(nonce, { ...proof, path })).toBe(false);
      expect(reaches(nonce, { ...proof, path: proof.path.slice(1) })).toBe(false);
      expect(reaches(nonce, { ...proof, index: (index + 1 + (change % (size - 1))) % size })).toBe(false);
    }),
  );
});

test.each([
  { index: -1, size: 1, path: [] },
  { index: 1, size: 1, path: [] },
  { index: 0.5, size: 1, path: [] },
  { index: 0, size: 257, path: [] },
  { index: 0, size: Number.NaN, path: [] },
  { index: 0, size: 2, path: [] },
  { index: 0, size: 2, path: [new Uint8Array(31)] },
])('refuses the proof %j', (proof) => {
  expect(() => computeNonceRoot(new Uint8Array(32), proof)).toThrow(refusal);
});
