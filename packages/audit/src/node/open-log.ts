import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes, fromUtf8, isCloisterError, toHex } from '@cloister/core';
import type { AuditEvent, Clock, RandomSource } from '@cloister/core';
import type { Ed25519Signer } from '../create-ed25519-signer.ts';
import { auditError } from '../errors.ts';
import { createAuditEvent } from '../events/create-audit-event.ts';
import { createMerkleTree } from '../merkle/create-merkle-tree.ts';
import type { MerkleTree } from '../merkle/create-merkle-tree.ts';
import { leafHash } from '../merkle/hash.ts';
import { verifyCheckpoint } from '../note/checkpoint.ts';
import type { Checkpoint } from '../note/checkpoint.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import { readIfPresent } from './files.ts';
import { openLogKey } from './log-key.ts';
import type { LogKey } from './log-key.ts';
import { openSegment } from './segment.ts';
import type { Segment } from './segment.ts';
import { acquireWriteLock } from './write-lock.ts';
import type { ReleaseLock } from './write-lock.ts';

/** How a log is opened, with defaults filled in. */
export interface OpenLogOptions {
  readonly origin?: string;
  readonly signer?: Ed25519Signer;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** A log that is open for writing. */
export interface OpenLog {
  readonly key: LogKey;
  readonly tree: MerkleTree;
  readonly segment: Segment;
  /** What `checkpoint` covers already. */
  readonly published: { readonly note: string; readonly size: number } | undefined;
  /** The first event of this opening, not yet stored. */
  readonly opening: AuditEvent;
  readonly release: ReleaseLock;
}

/**
 * Locks the directory, recovers the segment and compares it with the last checkpoint.
 * @throws CloisterError `ERR_AUDIT_LOCKED`, `ERR_AUDIT_KEY`, `ERR_AUDIT_CORRUPT` or `ERR_AUDIT_UNAVAILABLE`
 */
export async function openLog(directory: string, options: OpenLogOptions): Promise<OpenLog> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const release = await acquireWriteLock(directory);
    try {
      return { ...(await recover(directory, options)), release };
    } catch (error) {
      await release();
      throw error;
    }
  } catch (error) {
    if (isCloisterError(error)) throw error;
    throw auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'open', cause: error });
  }
}

async function recover(directory: string, options: OpenLogOptions): Promise<Omit<OpenLog, 'release'>> {
  const key = await openLogKey(directory, options);
  const note = await readCheckpoint(directory, key.verifierKey);
  const tree = createMerkleTree();
  const segment = await openSegment(directory, (entry) => tree.append(leafHash(entry)));
  try {
    if (note !== undefined && !matches(tree, note.checkpoint)) throw auditError('ERR_AUDIT_CORRUPT');
  } catch (error) {
    await segment.close();
    throw error;
  }
  const published = note === undefined ? undefined : { note: note.text, size: note.checkpoint.size };
  const opening = createAuditEvent(
    {
      type: 'audit.open',
      outcome: 'allow',
      size: tree.size,
      root: toHex(tree.root()),
      key: toHex(key.verifierKey.id),
      keyAttested: false,
      cutBytes: segment.cutBytes,
    },
    options,
  );
  return { key, tree, segment, published, opening };
}

/** The checkpoint in the directory, verified; `undefined` when there is none yet. */
export async function readCheckpoint(
  directory: string,
  key: VerifierKey,
): Promise<{ readonly text: string; readonly checkpoint: Checkpoint } | undefined> {
  const bytes = await readIfPresent(join(directory, 'checkpoint'));
  if (bytes === undefined) return undefined;
  try {
    const text = fromUtf8(bytes);
    return { text, checkpoint: await verifyCheckpoint(text, key) };
  } catch (error) {
    throw auditError('ERR_AUDIT_CORRUPT', { subject: 'checkpoint', cause: error });
  }
}

/** Whether the tree holds what a checkpoint promised. */
export function matches(tree: MerkleTree, { size, root }: Checkpoint): boolean {
  return size <= tree.size && equalBytes(tree.root(size), root);
}
