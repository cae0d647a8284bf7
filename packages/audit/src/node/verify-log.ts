import { equalBytes, isCloisterError, sha256, toHex } from '@cloister/core';
import type { AuditEvent } from '@cloister/core';
import { auditError } from '../errors.ts';
import { createEventCodec } from '../events/encode-event.ts';
import { createMerkleTree } from '../merkle/create-merkle-tree.ts';
import type { MerkleTree } from '../merkle/create-merkle-tree.ts';
import { leafHash } from '../merkle/hash.ts';
import { parseVerifierKey } from '../note/verifier-key.ts';
import type { EpochStatement } from '../epoch/epoch-statement.ts';
import { evidenceName, isEvidenceOf, statementOf, verifyEpochs } from './epochs.ts';
import type { StoredEpoch } from './epochs.ts';
import { readFrames } from './frames.ts';
import { createLogDirectory } from './log-directory.ts';
import type { LogDirectory } from './log-directory.ts';
import { comparePinned, matches, readCheckpoint } from './open-log.ts';
import { HEADER_LENGTH, readHeader, segmentName } from './segment-header.ts';
import { fillRemoved, listSegments } from './segments.ts';
import { TILE_WIDTH, hashTile, listTiles, readTile } from './tiles.ts';
import type { Tile } from './tiles.ts';

/** What a log turned out to hold. */
export interface LogReport {
  readonly origin: string;
  /** Leaves that the checkpoint covers, and their root in hex. */
  readonly size: number;
  readonly root: string;
  /** Index of the first entry that is still there; those before it were removed as whole segments. */
  readonly first: number;
  /** Events after the checkpoint: well-formed, but nobody signed for them yet. */
  readonly unsigned: number;
  /** Bytes at the end that are no event: a write that was cut. */
  readonly tailBytes: number;
  /** Events by type. */
  readonly events: Readonly<Partial<Record<AuditEvent['type'], number>>>;
  /** Events that were refused, as the log itself counted them. */
  readonly refused: number;
  /** Inferences that began and have no end. */
  readonly unfinished: number;
  /** Keys that signed, each for a time. */
  readonly epochs: number;
  /** Whether `judge` found every one of those keys bound to an enclave. The log's own key is not: it certifies them. */
  readonly keyAttested: boolean;
  /** Whether one of the enclaves was simulated. */
  readonly simulated: boolean;
}

/**
 * Judges the evidence of an epoch; rejects what it does not accept.
 * @param at when the epoch began as the log says, ms since the epoch
 */
export type JudgeEpoch = (
  evidence: Uint8Array,
  statement: EpochStatement,
  at: number,
) => Promise<{ readonly simulated: boolean }>;

/** What else a log is compared with. */
export interface VerifyLogOptions {
  /** Checkpoints of this log that were kept elsewhere. */
  readonly pinned?: readonly string[];
  /** Every epoch must have evidence that this accepts: `judgeEpoch` of `@cloister/audit/attestation`. */
  readonly judge?: JudgeEpoch | undefined;
}

/**
 * Verifies a log offline, with nothing but its directory and the verifier key: signature of the checkpoint, every event
 * against the schema, the tree against the signed root, every tile against the tree, each event of an opening, an epoch or a
 * rotation against the tree before it, and the keys of the epochs. It reads only and needs no lock.
 * @param verifierKey one line, `name+hash+base64`, from a source other than the directory
 * @param options.pinned checkpoints of this log that were kept elsewhere: without one, nothing shows that a log was cut or
 *   put back by its owner
 * @throws CloisterError `ERR_AUDIT_ROLLBACK`, `ERR_AUDIT_ATTESTATION`, `ERR_AUDIT_KEY`, `ERR_AUDIT_CHECKPOINT` when there is no checkpoint, `ERR_AUDIT_CORRUPT` with the
 *   place in `subject` or `detail.index`, `ERR_AUDIT_UNAVAILABLE` when files cannot be read
 */
export async function verifyLog(path: string, verifierKey: string, options: VerifyLogOptions = {}): Promise<LogReport> {
  const key = parseVerifierKey(verifierKey);
  const directory = createLogDirectory(path);
  const signed = await readCheckpoint(directory, key);
  if (signed === undefined) throw auditError('ERR_AUDIT_CHECKPOINT');
  const { checkpoint } = signed;
  try {
    const { tree, begun, removed, epochs, ...read } = await readEvents(directory);
    if (!matches(tree, checkpoint)) throw auditError('ERR_AUDIT_CORRUPT', { subject: 'root' });
    if (read.first > Math.min(removed, checkpoint.size)) throw auditError('ERR_AUDIT_CORRUPT', { subject: 'root' });
    await verifyEpochs(epochs, { tree, key, first: read.first }, signed);
    await comparePinned(tree, key, options.pinned);
    for (const tile of listTiles(checkpoint.size)) await verifyTile(directory, tile, tree, read.first);
    const { size, root, origin } = checkpoint;
    const unsigned = tree.size - size;
    const attestation = await judgeEpochs(directory, epochs, origin, options.judge);
    const counts = { unsigned, ...read, unfinished: begun.size, epochs: epochs.length };
    return { origin, size, root: toHex(root), ...counts, ...attestation };
  } catch (error) {
    if (isCloisterError(error)) throw error;
    throw auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'read', cause: error });
  }
}

interface ReadEvents {
  readonly tree: MerkleTree;
  readonly first: number;
  readonly events: Partial<Record<AuditEvent['type'], number>>;
  readonly epochs: StoredEpoch[];
  /** Requests that began and have not ended. */
  readonly begun: Set<string>;
  refused: number;
  /** Below this index the log says that it removed its entries. */
  removed: number;
  tailBytes: number;
}

const codec = createEventCodec();

async function readEvents(directory: LogDirectory): Promise<ReadEvents> {
  const tree = createMerkleTree();
  const numbers = await listSegments(directory);
  if (numbers[0] === undefined) throw auditError('ERR_AUDIT_CORRUPT', { subject: segmentName(0) });
  await fillRemoved(directory, numbers[0], tree);
  const read: ReadEvents = {
    tree,
    first: tree.size,
    events: {},
    epochs: [],
    begun: new Set(),
    refused: 0,
    removed: 0,
    tailBytes: 0,
  };
  for (const number of numbers) {
    // Only the last segment may end within a write.
    if (read.tailBytes > 0) throw auditError('ERR_AUDIT_CORRUPT', { subject: segmentName(number - 1) });
    await readSegment(directory, number, read);
  }
  return read;
}

async function readSegment(directory: LogDirectory, number: number, read: ReadEvents): Promise<void> {
  const { tree } = read;
  await using file = await directory.files.open(directory.path(segmentName(number)), 'r');
  const header = await readHeader(file);
  if (header.first !== tree.size || !equalBytes(header.root, tree.root())) {
    throw auditError('ERR_AUDIT_CORRUPT', { subject: segmentName(number) });
  }
  let end = HEADER_LENGTH;
  for await (const frame of readFrames(file, end)) {
    takeEvent(verifyEvent(frame.entry, tree), read, tree.size);
    tree.append(leafHash(frame.entry));
    end = frame.end;
  }
  read.tailBytes = (await file.stat()).size - end;
}

function takeEvent(event: AuditEvent, read: ReadEvents, index: number): void {
  if (event.type === 'audit.epoch') read.epochs.push({ index, event });
  if (event.type === 'inference.begin') read.begun.add(event.request);
  if (event.type === 'inference.end') read.begun.delete(event.request);
  if (event.type === 'audit.retain') read.removed = Math.max(read.removed, event.first);
  if (event.type === 'audit.gap') read.refused += event.events;
  read.events[event.type] = (read.events[event.type] ?? 0) + 1;
}

function verifyEvent(entry: Uint8Array, tree: MerkleTree): AuditEvent {
  const event = attempt(() => codec.decode(entry));
  const names = event?.type === 'audit.open' || event?.type === 'audit.rotate' ? event : undefined;
  const fits = names === undefined || (names.size === tree.size && names.root === toHex(tree.root()));
  if (event === undefined || !fits) throw auditError('ERR_AUDIT_CORRUPT', { detail: { index: tree.size } });
  return event;
}

/** What evidence there is must be the one that the log names; with a judge there must be some for every epoch. */
async function judgeEpochs(
  directory: LogDirectory,
  epochs: readonly StoredEpoch[],
  origin: string,
  judge: JudgeEpoch | undefined,
): Promise<Pick<LogReport, 'keyAttested' | 'simulated'>> {
  let simulated = false;
  for (const stored of epochs) {
    const { index, event } = stored;
    const evidence = event.evidence === undefined ? undefined : await directory.read(evidenceName(event.epoch));
    const isThere = evidence !== undefined && isEvidenceOf(stored, sha256(evidence));
    if (event.evidence !== undefined && !isThere) throw auditError('ERR_AUDIT_CORRUPT', { detail: { index } });
    if (judge === undefined) continue;
    if (evidence === undefined) throw auditError('ERR_AUDIT_ATTESTATION', { detail: { index } });
    try {
      simulated ||= (await judge(evidence, statementOf(stored, origin), event.ts)).simulated;
    } catch (error) {
      throw auditError('ERR_AUDIT_ATTESTATION', { detail: { index }, cause: error });
    }
  }
  return { keyAttested: judge !== undefined && epochs.length > 0, simulated };
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

async function verifyTile(directory: LogDirectory, tile: Tile, tree: MerkleTree, first: number): Promise<void> {
  const { level, index, width } = tile;
  // Bundles that hold nothing but removed entries were removed with them.
  if (level === 'entries' && (index + 1) * TILE_WIDTH <= first) return;
  const stored = await readTile(directory, tile);
  const holds =
    level === 'entries'
      ? holdsEntries(stored, tree, index * TILE_WIDTH, width)
      : stored !== undefined && equalBytes(stored.subarray(0, width * 32), hashTile(tree, { ...tile, level }));
  if (!holds) throw auditError('ERR_AUDIT_CORRUPT', { subject: tile.path });
}

/** Whether a bundle begins with the entries whose hashes the tree has from `start` on. */
function holdsEntries(bundle: Uint8Array | undefined, tree: MerkleTree, start: number, width: number): boolean {
  if (bundle === undefined) return false;
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.length);
  let at = 0;
  for (let place = 0; place < width; place++) {
    if (bundle.length - at < 2) return false;
    const entry = bundle.subarray(at + 2, at + 2 + view.getUint16(at));
    if (!equalBytes(leafHash(entry), tree.node(0, start + place))) return false;
    at += 2 + entry.length;
  }
  return true;
}
