import { isCloisterError } from '@cloister/core';
import { auditError } from '../errors.ts';
import { verifyConsistency } from '../merkle/verify-consistency.ts';
import { verifyCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { VerifierKey } from './verifier-key.ts';

/**
 * Verifies that a log's new checkpoint extends the one that was kept: whoever keeps the last one he saw notices a fork, a
 * truncation and a disk put back.
 * @param claim.pinned the note that was kept; @param claim.checkpoint the new one; @param claim.proof the RFC 6962
 *   consistency proof between them, empty when both have the same size or the first is empty
 * @returns the new checkpoint, to keep its note from now on
 * @throws CloisterError `ERR_AUDIT_ROLLBACK` when it does not; `ERR_AUDIT_NOTE`, `_NOTE_SIGNATURE` or `_CHECKPOINT`
 */
export async function verifyExtension(
  claim: { readonly pinned: string; readonly checkpoint: string; readonly proof: readonly Uint8Array[] },
  key: VerifierKey,
): Promise<Checkpoint> {
  const pinned = await verifyCheckpoint(claim.pinned, key);
  const checkpoint = await verifyCheckpoint(claim.checkpoint, key);
  if (pinned.size === 0 && claim.proof.length === 0) return checkpoint;
  try {
    const [size1, size2, root1, root2] = [pinned.size, checkpoint.size, pinned.root, checkpoint.root];
    verifyConsistency({ size1, size2, root1, root2, proof: claim.proof });
    return checkpoint;
  } catch (error) {
    if (isCloisterError(error)) throw auditError('ERR_AUDIT_ROLLBACK', { cause: error });
    throw error;
  }
}
