import { isCloisterError } from '@cloister/core';
import { auditError } from '../errors.ts';
import { createMerkleTree } from '../merkle/create-merkle-tree.ts';
import { leafHash } from '../merkle/hash.ts';
import { parseVerifierKey } from '../note/verifier-key.ts';
import type { LogProofFile } from '../proof/log-proof-file.ts';
import { createLogDirectory } from './log-directory.ts';
import { matches, readCheckpoint } from './open-log.ts';
import { readLog } from './read-log.ts';
import { fillRemoved, listSegments } from './segments.ts';

/** A proof and the entry that it is about. */
export interface ProvenEvent extends LogProofFile {
  /** The leaf: canonical JSON. */
  readonly entry: Uint8Array;
}

/**
 * Proves from a directory alone that an event is covered by its checkpoint. Needs no lock and no key but the public one.
 * @throws CloisterError `ERR_AUDIT_PROOF` when the checkpoint does not cover the index or the entry was removed,
 *   `ERR_AUDIT_CHECKPOINT` when there is none, `ERR_AUDIT_CORRUPT`, `ERR_AUDIT_KEY` or `ERR_AUDIT_UNAVAILABLE`
 */
export async function proveEvent(path: string, verifierKey: string, index: number): Promise<ProvenEvent> {
  const key = parseVerifierKey(verifierKey);
  const directory = createLogDirectory(path);
  const signed = await readCheckpoint(directory, key);
  if (signed === undefined) throw auditError('ERR_AUDIT_CHECKPOINT');
  try {
    const tree = createMerkleTree();
    const [first = 0] = await listSegments(directory);
    await fillRemoved(directory, first, tree);
    let found: Uint8Array | undefined;
    for await (const stored of readLog(path)) {
      tree.append(leafHash(stored.entry));
      if (stored.index === index) found = stored.entry;
    }
    const { text, checkpoint } = signed;
    if (!matches(tree, checkpoint)) throw auditError('ERR_AUDIT_CORRUPT', { subject: 'root' });
    if (found === undefined) throw auditError('ERR_AUDIT_PROOF');
    return { index, proof: tree.inclusionProof(index, checkpoint.size), checkpoint: text, entry: found };
  } catch (error) {
    if (isCloisterError(error)) throw error;
    throw auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'read', cause: error });
  }
}
