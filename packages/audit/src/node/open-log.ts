import { equalBytes, fromUtf8, isCloisterError, toHex } from '@cloister/core';
import type { AuditEvent, Clock, RandomSource } from '@cloister/core';
import type { Ed25519Signer } from '../create-ed25519-signer.ts';
import { auditError } from '../errors.ts';
import { createAuditEvent } from '../events/create-audit-event.ts';
import { createEventCodec } from '../events/encode-event.ts';
import { createMerkleTree } from '../merkle/create-merkle-tree.ts';
import type { MerkleTree } from '../merkle/create-merkle-tree.ts';
import { verifyCheckpoint } from '../note/checkpoint.ts';
import type { Checkpoint } from '../note/checkpoint.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import type { LogDirectory } from './log-directory.ts';
import { verifyEpochs } from './epochs.ts';
import type { StoredEpoch } from './epochs.ts';
import { openLogKey } from './log-key.ts';
import type { LogKey } from './log-key.ts';
import { openSegments } from './segments.ts';
import type { Segments } from './segments.ts';

/** How a log is opened, with defaults filled in. */
export interface OpenLogOptions {
  readonly origin?: string;
  readonly signer?: Ed25519Signer;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Entries that this process acknowledged: exactly these are kept. Every whole one unless given. */
  readonly keep?: number;
  /** Checkpoints that were kept elsewhere. */
  readonly pinned?: readonly string[];
}

/** A log that is open for writing. */
export interface OpenLog {
  readonly key: LogKey;
  readonly tree: MerkleTree;
  readonly segments: Segments;
  /** What `checkpoint` covers already. */
  readonly published: { readonly note: string; readonly size: number } | undefined;
  /** The epochs that it holds, in order. */
  readonly epochs: readonly { readonly number: number; readonly index: number }[];
  /** The first event of this opening, not yet stored. */
  readonly opening: AuditEvent;
}

/**
 * Recovers the segments of a locked directory and compares them with the last checkpoint.
 * @throws CloisterError `ERR_AUDIT_KEY`, `ERR_AUDIT_CORRUPT` or `ERR_AUDIT_UNAVAILABLE`
 */
export async function openLog(directory: LogDirectory, options: OpenLogOptions): Promise<OpenLog> {
  try {
    return await recover(directory, options);
  } catch (error) {
    if (isCloisterError(error)) throw error;
    throw auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'open', cause: error });
  }
}

async function recover(directory: LogDirectory, options: OpenLogOptions): Promise<OpenLog> {
  const key = await openLogKey(directory, options);
  const note = await readCheckpoint(directory, key.verifierKey);
  const tree = createMerkleTree();
  const { keep } = options;
  let removed = 0;
  const epochs: StoredEpoch[] = [];
  const timeOf = (entry: Uint8Array): number => {
    const event = decodeEntry(entry);
    if (event.type === 'audit.retain') removed = Math.max(removed, event.first);
    if (event.type === 'audit.epoch') epochs.push({ index: tree.size - 1, event });
    return event.ts;
  };
  const segments = await openSegments(directory, tree, { timeOf, ...(keep === undefined ? {} : { keep }) });
  try {
    if (note !== undefined && !matches(tree, note.checkpoint)) throw auditError('ERR_AUDIT_CORRUPT');
    // Removed entries are known by their hashes alone: only a signature vouches for those, and the log says so itself.
    if (segments.first > Math.min(removed, note?.checkpoint.size ?? 0)) throw auditError('ERR_AUDIT_CORRUPT');
    if (tree.size < (keep ?? 0)) throw auditError('ERR_AUDIT_CORRUPT');
    await verifyEpochs(epochs, { tree, key: key.verifierKey, first: segments.first }, note);
    await comparePinned(tree, key.verifierKey, options.pinned);
    await segments.last.cut();
  } catch (error) {
    await segments.close();
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
      cutBytes: segments.cutBytes,
    },
    options,
  );
  return {
    key,
    tree,
    segments,
    published,
    epochs: epochs.map(({ index, event }) => ({ index, number: event.epoch })),
    opening,
  };
}

const codec = createEventCodec();

function decodeEntry(entry: Uint8Array): AuditEvent {
  try {
    return codec.decode(entry);
  } catch {
    throw auditError('ERR_AUDIT_CORRUPT');
  }
}

/** The checkpoint in the directory, verified; `undefined` when there is none yet. */
export async function readCheckpoint(
  directory: LogDirectory,
  key: VerifierKey,
): Promise<{ readonly text: string; readonly checkpoint: Checkpoint } | undefined> {
  const bytes = await directory.read('checkpoint');
  if (bytes === undefined) return undefined;
  try {
    const text = fromUtf8(bytes);
    return { text, checkpoint: await verifyCheckpoint(text, key) };
  } catch (error) {
    throw auditError('ERR_AUDIT_CORRUPT', { subject: 'checkpoint', cause: error });
  }
}

/**
 * Compares a log with checkpoints that somebody kept.
 * @throws CloisterError `ERR_AUDIT_ROLLBACK` when it lacks or contradicts one; `ERR_AUDIT_NOTE`, `_NOTE_SIGNATURE` or
 *   `_CHECKPOINT` when one is not of this log
 */
export async function comparePinned(tree: MerkleTree, key: VerifierKey, pinned: readonly string[] = []): Promise<void> {
  for (const note of pinned) {
    const checkpoint = await verifyCheckpoint(note, key);
    if (!matches(tree, checkpoint)) {
      throw auditError('ERR_AUDIT_ROLLBACK', { detail: { pinned: checkpoint.size, size: tree.size } });
    }
  }
}

/** Whether the tree holds what a checkpoint promised. */
export function matches(tree: MerkleTree, { size, root }: Checkpoint): boolean {
  return size <= tree.size && equalBytes(tree.root(size), root);
}
