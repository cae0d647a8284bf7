import { equalBytes } from '@cloister/core';
import { auditError } from '../errors.ts';
import { nodeHash } from './hash.ts';

/** A claim that a leaf stands at a place of a tree. Hashes are 32 bytes. */
export interface InclusionClaim {
  /** Zero-based. */
  readonly index: number;
  /** Leaves of the tree. */
  readonly size: number;
  readonly leafHash: Uint8Array;
  /** The path from the leaf up. */
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/**
 * Checks an inclusion proof (RFC 9162 section 2.1.3.2, for trees of RFC 6962).
 * @throws CloisterError `ERR_AUDIT_PROOF`
 */
export function verifyInclusion(claim: InclusionClaim): void {
  const root = climb(claim);
  if (root === undefined || !equalBytes(root, claim.root)) throw auditError('ERR_AUDIT_PROOF');
}

function climb({ index, size, leafHash, proof }: InclusionClaim): Uint8Array | undefined {
  if (!isTreePosition(index, size) || ![leafHash, ...proof].every((hash) => hash.length === 32)) return undefined;
  // `place` is fn and `last` is sn of the RFC; no bit operators, because a size may exceed 32 bits.
  let [place, last, hash] = [index, size - 1, leafHash];
  for (const sibling of proof) {
    if (last === 0) return undefined;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(sibling, hash);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : undefined;
}

function isTreePosition(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;
}
