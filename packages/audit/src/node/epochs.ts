import { equalBytes, fromHex, toHex } from '@cloister/core';
import type { AuditEvent } from '@cloister/core';
import { encodeEpochStatement } from '../epoch/epoch-statement.ts';
import type { EpochStatement } from '../epoch/epoch-statement.ts';
import { auditError } from '../errors.ts';
import type { MerkleTree } from '../merkle/create-merkle-tree.ts';
import type { Checkpoint } from '../note/checkpoint.ts';
import { createVerifierKey } from '../note/verifier-key.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import { verifyNote } from '../note/verify-note.ts';
import { verifyEd25519 } from '../verify-ed25519.ts';

/** The event that began an epoch, and its place. */
export interface StoredEpoch {
  readonly index: number;
  readonly event: Extract<AuditEvent, { readonly type: 'audit.epoch' }>;
}

/** Where the evidence of an epoch lies, below the log's directory. */
export function evidenceName(epoch: number): string {
  return `evidence/${String(epoch).padStart(6, '0')}`;
}

/** What the log's key said when the epoch began. */
export function statementOf({ event }: StoredEpoch, origin: string): EpochStatement {
  const { epoch, size } = event;
  return { origin, epoch, publicKey: fromHex(event.key), size, root: fromHex(event.root) };
}

/**
 * Verifies the epochs of a log: each follows the one before, is certified by the log's key and names the tree before it; and
 * the checkpoint is signed by the key of the epoch that its last leaf lies in.
 * @param epochs those that are kept, in order
 * @throws CloisterError `ERR_AUDIT_CORRUPT` with the place in `detail.index` or `subject` `checkpoint`
 */
export async function verifyEpochs(
  epochs: readonly StoredEpoch[],
  log: { readonly tree: MerkleTree; readonly key: VerifierKey; readonly first: number },
  signed?: { readonly text: string; readonly checkpoint: Checkpoint },
): Promise<void> {
  for (const [place, stored] of epochs.entries()) {
    const before = epochs[place - 1]?.event.epoch ?? (log.first === 0 ? 0 : stored.event.epoch - 1);
    const { event, index } = stored;
    const fits = event.epoch === before + 1 && event.size === index && event.root === toHex(log.tree.root(index));
    const statement = encodeEpochStatement(statementOf(stored, log.key.name));
    if (!fits || !(await verifyEd25519(log.key.publicKey, statement, fromHex(event.certificate)))) {
      throw auditError('ERR_AUDIT_CORRUPT', { detail: { index } });
    }
  }
  if (signed !== undefined) await verifySigner(epochs, log.key, signed);
}

async function verifySigner(
  epochs: readonly StoredEpoch[],
  { name }: VerifierKey,
  { text, checkpoint }: { readonly text: string; readonly checkpoint: Checkpoint },
): Promise<void> {
  const signer = epochs.findLast(({ index }) => index < checkpoint.size);
  try {
    if (signer === undefined) throw auditError('ERR_AUDIT_NOTE_SIGNATURE');
    await verifyNote(text, createVerifierKey(name, fromHex(signer.event.key)));
  } catch (error) {
    throw auditError('ERR_AUDIT_CORRUPT', { subject: 'checkpoint', cause: error });
  }
}

/** Whether bytes are the evidence that an event names. */
export function isEvidenceOf({ event }: StoredEpoch, digest: Uint8Array): boolean {
  return event.evidence !== undefined && equalBytes(fromHex(event.evidence), digest);
}
