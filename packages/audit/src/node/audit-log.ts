import { join } from 'node:path';
import { systemClock, systemRandom, utf8 } from '@cloister/core';
import type { AuditEvent, AuditRecord, AuditSink, Clock, RandomSource } from '@cloister/core';
import type { Ed25519Signer } from '../create-ed25519-signer.ts';
import { auditError } from '../errors.ts';
import { createLabelRegistry } from '../events/create-label-registry.ts';
import { createEventCodec } from '../events/encode-event.ts';
import { leafHash } from '../merkle/hash.ts';
import { createCheckpoint } from '../note/checkpoint.ts';
import { encodeVerifierKey } from '../note/verifier-key.ts';
import { replaceFile } from './files.ts';
import { createGroupCommit } from './group-commit.ts';
import type { GroupCommit } from './group-commit.ts';
import { openLog } from './open-log.ts';
import type { OpenLog } from './open-log.ts';
import { publishTree } from './publish-tree.ts';

/** How a log is kept. */
export interface AuditLogOptions {
  /** The log's identity, a URL without its scheme; kept from the first opening on. */
  readonly origin?: string;
  /** Signs checkpoints; without it a key file of mode 0600 in the directory does. */
  readonly signer?: Ed25519Signer;
  /** A checkpoint is made after so many events, besides those asked for; 256 unless said. */
  readonly checkpointEvery?: number;
  /** How many events may wait for the disk; 4096 unless said. */
  readonly maxWaiting?: number;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

/** An event's place in the log, proven against a signed checkpoint. */
export interface LogProof {
  readonly index: number;
  /** Leaves that the checkpoint covers. */
  readonly size: number;
  readonly leafHash: Uint8Array;
  /** RFC 6962 audit path. */
  readonly proof: readonly Uint8Array[];
  /** The signed note. */
  readonly checkpoint: string;
}

/** A durable, tamper-evident log in a directory. */
export interface AuditLog extends AuditSink {
  /** Signs the tree as it is and publishes its tiles; resolves to the signed note. */
  checkpoint(): Promise<string>;
  /** Proves that an event is in the log, with a checkpoint that covers it. @throws CloisterError `ERR_AUDIT_PROOF` */
  prove(index: number): Promise<LogProof>;
  /** The verifier key line to give to auditors. */
  verifierKey(): Promise<string>;
  /** Stores what waits, makes a last checkpoint and gives the directory back. */
  close(): Promise<void>;
  /** `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

interface Running {
  readonly log: OpenLog;
  readonly commits: GroupCommit;
  published: { readonly note: string; readonly size: number } | undefined;
  /** Leaves whose full tiles are written for certain since this opening. */
  tiled: number;
  publishing: Promise<unknown>;
  /** Whether a checkpoint on the side is under way. */
  scheduled: boolean;
}

/**
 * A log in a directory (DESIGN 6.7): one append-only segment with group commit, an RFC 6962 tree over its entries, and
 * tiles and signed checkpoints that standard tools read (C2SP tlog-tiles, tlog-checkpoint). Opened on first use.
 * @throws (from its methods) CloisterError `ERR_AUDIT_EVENT`, `_LABEL`, `_BUSY`, `_UNAVAILABLE`, `_LOCKED`, `_CORRUPT`,
 *   `_KEY`, `_PROOF` or `_CLOSED`
 */
export function auditLog(directory: string, options: AuditLogOptions = {}): AuditLog {
  const { clock = systemClock, random = systemRandom, checkpointEvery = 256, maxWaiting = 4096 } = options;
  const registry = createLabelRegistry();
  const codec = createEventCodec(registry);
  let starting: Promise<Running> | undefined;
  let closing: Promise<void> | undefined;

  function running(): Promise<Running> {
    if (closing !== undefined) return Promise.reject(auditError('ERR_AUDIT_CLOSED'));
    if (starting === undefined) {
      starting = start(directory, { ...options, clock, random }, maxWaiting);
      // A failed opening may succeed later, for example once another writer has gone.
      starting.catch(() => (starting = undefined));
    }
    return starting;
  }

  async function record(event: AuditEvent): Promise<AuditRecord> {
    if (event.type === 'audit.open') throw auditError('ERR_AUDIT_EVENT');
    const entry = codec.encode(event);
    const state = await running();
    const index = await state.commits.add(entry);
    if (state.log.tree.size - (state.published?.size ?? 0) >= checkpointEvery) void publishSoon(directory, state);
    return { index, leafHash: leafHash(entry) };
  }

  async function prove(index: number): Promise<LogProof> {
    const state = await running();
    if (!Number.isSafeInteger(index) || index < 0 || index >= state.log.tree.size) throw auditError('ERR_AUDIT_PROOF');
    const { published } = state;
    const covered = published !== undefined && index < published.size;
    const { note, size } = covered ? published : await publish(directory, state);
    const { tree } = state.log;
    return { index, size, leafHash: tree.node(0, index), proof: tree.inclusionProof(index, size), checkpoint: note };
  }

  function close(): Promise<void> {
    closing ??= starting === undefined ? Promise.resolve() : stop(directory, starting);
    return closing;
  }

  return {
    register: (labels) => registry.register(labels),
    record,
    prove,
    checkpoint: async () => (await publish(directory, await running())).note,
    verifierKey: async () => encodeVerifierKey((await running()).log.key.verifierKey),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function start(
  directory: string,
  options: AuditLogOptions & { readonly clock: Clock; readonly random: RandomSource },
  maxWaiting: number,
): Promise<Running> {
  const log = await openLog(directory, options);
  const commits = createGroupCommit((entries) => store(log, entries), { maxWaiting });
  await commits.add(createEventCodec().encode(log.opening));
  return { log, commits, published: log.published, tiled: 0, publishing: Promise.resolve(), scheduled: false };
}

/** The tree grows only after the sync: no checkpoint ever covers what a power cut could take. */
async function store({ segment, tree }: OpenLog, entries: readonly Uint8Array[]): Promise<number> {
  await segment.append(entries);
  const first = tree.size;
  for (const entry of entries) tree.append(leafHash(entry));
  return first;
}

/** One checkpoint at a time; resolves to one that covers everything stored when this was called. */
function publish(directory: string, state: Running): Promise<{ readonly note: string; readonly size: number }> {
  const result = state.publishing.then(() => publishNow(directory, state));
  state.publishing = result.catch(() => undefined);
  return result;
}

async function publishNow(
  directory: string,
  state: Running,
): Promise<{ readonly note: string; readonly size: number }> {
  const { tree, key } = state.log;
  const size = tree.size;
  if (state.published?.size === size) return state.published;
  try {
    await publishTree(directory, state.log, { from: state.tiled, size });
    const note = await createCheckpoint({ origin: key.verifierKey.name, size, root: tree.root(size) }, key.signer);
    await replaceFile(join(directory, 'checkpoint'), utf8(note));
    state.published = { note, size };
    state.tiled = size;
    return state.published;
  } catch (error) {
    throw auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'checkpoint', cause: error });
  }
}

/** A checkpoint on the side. When it fails, the events are stored all the same, and the next one asked for says so. */
async function publishSoon(directory: string, state: Running): Promise<void> {
  if (state.scheduled) return;
  state.scheduled = true;
  await publish(directory, state).catch(() => undefined);
  state.scheduled = false;
}

async function stop(directory: string, starting: Promise<Running>): Promise<void> {
  const state = await starting.catch(() => undefined);
  if (state === undefined) return;
  try {
    await state.commits.drained();
    await publish(directory, state);
  } finally {
    await state.log.segment.close();
    await state.log.release();
  }
}
