import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes, isCloisterError, toHex } from '@cloister/core';
import type { AuditEvent } from '@cloister/core';
import { auditError } from '../errors.ts';
import { createEventCodec } from '../events/encode-event.ts';
import { createMerkleTree } from '../merkle/create-merkle-tree.ts';
import type { MerkleTree } from '../merkle/create-merkle-tree.ts';
import { leafHash } from '../merkle/hash.ts';
import { parseVerifierKey } from '../note/verifier-key.ts';
import { SEGMENT_HEADER, readFrames } from './frames.ts';
import { matches, readCheckpoint } from './open-log.ts';
import { SEGMENT_FILE } from './segment.ts';
import { entryBundle, hashTile, listTiles } from './tiles.ts';
import type { Tile } from './tiles.ts';

/** What a log turned out to hold. */
export interface LogReport {
  readonly origin: string;
  /** Leaves that the checkpoint covers, and their root in hex. */
  readonly size: number;
  readonly root: string;
  /** Events after the checkpoint: well-formed, but nobody signed for them yet. */
  readonly unsigned: number;
  /** Bytes at the end that are no event: a write that was cut. */
  readonly tailBytes: number;
  /** Events by type. */
  readonly events: Readonly<Partial<Record<AuditEvent['type'], number>>>;
  /** Inferences that began and have no end. */
  readonly unfinished: number;
  /** The key lies in a file or was given by the app: nothing ties it to an enclave. */
  readonly keyAttested: false;
}

/**
 * Verifies a log offline, with nothing but its directory and the verifier key: signature of the checkpoint, every event
 * against the schema, the tree against the signed root, every tile against the tree, and each `audit.open` event against
 * the tree before it. It reads only and needs no lock.
 * @param verifierKey one line, `name+hash+base64`, from a source other than the directory
 * @throws CloisterError `ERR_AUDIT_KEY`, `ERR_AUDIT_CHECKPOINT` when there is no checkpoint, `ERR_AUDIT_CORRUPT` with the
 *   place in `subject` or `detail.index`, `ERR_AUDIT_UNAVAILABLE` when files cannot be read
 */
export async function verifyLog(directory: string, verifierKey: string): Promise<LogReport> {
  const key = parseVerifierKey(verifierKey);
  const signed = await readCheckpoint(directory, key);
  if (signed === undefined) throw auditError('ERR_AUDIT_CHECKPOINT');
  const { checkpoint } = signed;
  try {
    const read = await readEvents(directory);
    if (!matches(read.tree, checkpoint)) throw auditError('ERR_AUDIT_CORRUPT', { subject: 'root' });
    for (const tile of listTiles(checkpoint.size)) await verifyTile(directory, tile, read.tree, read.entries);
    const { size, root, origin } = checkpoint;
    const { tailBytes, events, unfinished } = read;
    const unsigned = read.tree.size - size;
    return { origin, size, root: toHex(root), unsigned, tailBytes, events, unfinished, keyAttested: false };
  } catch (error) {
    if (isCloisterError(error)) throw error;
    throw auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'read', cause: error });
  }
}

interface ReadEvents {
  readonly tree: MerkleTree;
  readonly entries: readonly Uint8Array[];
  readonly events: Partial<Record<AuditEvent['type'], number>>;
  readonly unfinished: number;
  readonly tailBytes: number;
}

async function readEvents(directory: string): Promise<ReadEvents> {
  const [tree, codec, begun] = [createMerkleTree(), createEventCodec(), new Set<string>()];
  const entries: Uint8Array[] = [];
  const events: ReadEvents['events'] = {};
  await using file = await open(join(directory, SEGMENT_FILE), 'r');
  let end = SEGMENT_HEADER.length;
  const header = await file.read(new Uint8Array(end), 0, end, 0);
  if (!equalBytes(header.buffer, SEGMENT_HEADER)) throw auditError('ERR_AUDIT_CORRUPT', { subject: SEGMENT_FILE });
  for await (const frame of readFrames(file, end)) {
    const event = verifyEvent(() => codec.decode(frame.entry), tree);
    if (event.type === 'inference.begin') begun.add(event.request);
    if (event.type === 'inference.end') begun.delete(event.request);
    events[event.type] = (events[event.type] ?? 0) + 1;
    tree.append(leafHash(frame.entry));
    entries.push(Uint8Array.from(frame.entry));
    end = frame.end;
  }
  return { tree, entries, events, unfinished: begun.size, tailBytes: (await file.stat()).size - end };
}

function verifyEvent(decode: () => AuditEvent, tree: MerkleTree): AuditEvent {
  const event = attempt(decode);
  const fits = event?.type !== 'audit.open' || (event.size === tree.size && event.root === toHex(tree.root()));
  if (event === undefined || !fits) throw auditError('ERR_AUDIT_CORRUPT', { detail: { index: tree.size } });
  return event;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

async function verifyTile(
  directory: string,
  tile: Tile,
  tree: MerkleTree,
  entries: readonly Uint8Array[],
): Promise<void> {
  const { level, index, width } = tile;
  const expected =
    level === 'entries'
      ? entryBundle(entries.slice(index * 256, index * 256 + width))
      : hashTile(tree, { ...tile, level });
  // A writer may have replaced the partial tile by the full one, which begins with the same bytes.
  const stored = (await readTile(join(directory, tile.path))) ?? (await readTile(join(directory, tile.fullPath)));
  if (stored === undefined || !equalBytes(stored.subarray(0, expected.length), expected)) {
    throw auditError('ERR_AUDIT_CORRUPT', { subject: tile.path });
  }
}

async function readTile(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch(() => undefined);
}
