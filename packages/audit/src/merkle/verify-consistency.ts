import { equalBytes } from '@cloister/core';
import { auditError } from '../errors.ts';
import { nodeHash } from './hash.ts';

/** A claim that a tree is a prefix of another. Hashes are 32 bytes. */
export interface ConsistencyClaim {
  /** Leaves of the earlier tree, at least 1: every tree extends the empty one, so nothing would be proven. */
  readonly size1: number;
  /** Leaves of the later tree. */
  readonly size2: number;
  readonly root1: Uint8Array;
  readonly root2: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Checks a consistency proof (RFC 9162 section 2.1.4.2, for trees of RFC 6962).
 * @throws CloisterError `ERR_AUDIT_PROOF`
 */
export function verifyConsistency(claim: ConsistencyClaim): void {
  const { size1, size2, root1, root2, proof } = claim;
  if (!Number.isSafeInteger(size1) || !Number.isSafeInteger(size2) || size1 < 1 || size1 > size2) refuse();
  if (size1 === size2) {
    if (proof.length > 0 || !equalBytes(root1, root2)) refuse();
    return;
  }
  const roots = climb(claim);
  if (roots === undefined || !equalBytes(roots.earlier, root1) || !equalBytes(roots.later, root2)) refuse();
}

function refuse(): never {
  throw auditError('ERR_AUDIT_PROOF');
}

function climb({
  size1,
  size2,
  root1,
  proof,
}: ConsistencyClaim): { earlier: Uint8Array; later: Uint8Array } | undefined {
  if (!proof.every((hash) => hash.length === 32)) return undefined;
  let [place, last] = [size1 - 1, size2 - 1];
  while (place % 2 === 1) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  // A complete earlier tree is a node of the later one, and the proof leaves it out.
  const [first, ...path] = place === 0 ? [root1, ...proof] : proof;
  if (first === undefined) return undefined;
  let [earlier, later] = [first, first];
  for (const hash of path) {
    if (last === 0) return undefined;
    if (place % 2 === 1 || place === last) {
      earlier = nodeHash(hash, earlier);
      later = nodeHash(hash, later);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else {
      later = nodeHash(later, hash);
    }
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 ? { earlier, later } : undefined;
}
