import { systemClock, systemRandom } from '@cloister/core';
import type { AuditEvent, AuditProof, AuditRecord, AuditSink, Clock, RandomSource } from '@cloister/core';
import type { Ed25519Signer } from '../create-ed25519-signer.ts';
import { auditError } from '../errors.ts';
import { createLabelRegistry } from '../events/create-label-registry.ts';
import { createEventCodec } from '../events/encode-event.ts';
import { encodeVerifierKey } from '../note/verifier-key.ts';
import { encodeLogProof } from '../proof/log-proof-file.ts';
import type { Witness } from '../witness/create-witness-client.ts';
import type { AttestEpoch } from './epoch-keys.ts';
import { createLogDirectory } from './log-directory.ts';
import type { LogFiles } from './log-directory.ts';
import { LogKeeper } from './log-keeper.ts';

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
  /** Milliseconds until an event that is not durable is refused; 250 unless said. */
  readonly maxWait?: number;
  /** After a failed write the log is opened again when an event comes so many milliseconds later; 1000 unless said. */
  readonly retryAfter?: number;
  /** Bytes after which a new segment begins; 64 MiB unless said. */
  readonly segmentBytes?: number;
  /** Milliseconds after which a new segment begins; a day unless said. */
  readonly segmentAge?: number;
  /** Whole segments that ended so many milliseconds ago are removed; none is unless said. */
  readonly retainFor?: number;
  /** Milliseconds after which a new key signs besides the log's own; an hour unless said. Each opening begins one too. */
  readonly epochAge?: number;
  /** Binds those keys to the enclave this runs in: `attestEpoch` of `@cloister/audit/attestation`. What fails here stops the log. */
  readonly attest?: AttestEpoch;
  /** Others who remember the tree head and sign it; none unless given. */
  readonly witnesses?: readonly Witness[];
  /** How many witnesses must have signed a checkpoint; 0 unless said, so that a missing one does not stop the log. */
  readonly quorum?: number;
  /** Checkpoints of this log that were kept elsewhere: a log that does not extend them is refused. */
  readonly pinned?: readonly string[];
  /** The file system; `node:fs/promises` unless given. */
  readonly files?: LogFiles;
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
  /** As `prove`, as a `.tlog-proof` file with the event. @throws CloisterError `ERR_AUDIT_PROOF` */
  proveEvent(index: number): Promise<AuditProof>;
  /** Proves that the log extends an earlier checkpoint of `size` leaves. @throws CloisterError `ERR_AUDIT_PROOF` */
  proveExtension(size: number): Promise<{ readonly checkpoint: string; readonly proof: readonly Uint8Array[] }>;
  /** The verifier key line to give to auditors. */
  verifierKey(): Promise<string>;
  /** Stores what waits, makes a last checkpoint and gives the directory back. */
  close(): Promise<void>;
  /** `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

const DAY = 86_400_000;
const DEFAULTS = {
  checkpointEvery: 256,
  maxWaiting: 4096,
  maxWait: 250,
  retryAfter: 1000,
  segmentBytes: 64 * 1024 * 1024,
  segmentAge: DAY,
  retainFor: Number.POSITIVE_INFINITY,
  epochAge: 3_600_000,
  witnesses: [],
  quorum: 0,
  clock: systemClock,
  random: systemRandom,
};

/** Only the log itself writes these. */
const OWN: ReadonlySet<AuditEvent['type']> = new Set([
  'audit.open',
  'audit.epoch',
  'audit.rotate',
  'audit.gap',
  'audit.retain',
]);

/**
 * A log in a directory (DESIGN 6.7): append-only segments with group commit, an RFC 6962 tree over all entries, and tiles
 * and signed checkpoints that standard tools read (C2SP tlog-tiles, tlog-checkpoint). Opened on first use. It never
 * drops an event: what is not durable in time is refused, and the log counts what it refused.
 * @throws (from its methods) CloisterError `ERR_AUDIT_EVENT`, `_LABEL`, `_BUSY`, `_UNAVAILABLE`, `_LOCKED`, `_CORRUPT`,
 *   `_KEY`, `_PROOF`, `_ROLLBACK` or `_CLOSED`
 */
export function auditLog(directory: string, options: AuditLogOptions = {}): AuditLog {
  const registry = createLabelRegistry();
  const codec = createEventCodec(registry);
  const keeper = new LogKeeper(createLogDirectory(directory, options.files), { ...DEFAULTS, ...options });

  async function record(event: AuditEvent): Promise<AuditRecord> {
    if (OWN.has(event.type)) throw auditError('ERR_AUDIT_EVENT');
    return keeper.add(codec.encode(event));
  }

  async function prove(index: number): Promise<LogProof> {
    const running = await keeper.running();
    const { tree } = running.log;
    if (!Number.isSafeInteger(index) || index < 0 || index >= tree.size) throw auditError('ERR_AUDIT_PROOF');
    const { published } = running.publisher;
    const { note, size } =
      published !== undefined && index < published.size ? published : await running.publisher.publish();
    return { index, size, leafHash: tree.node(0, index), proof: tree.inclusionProof(index, size), checkpoint: note };
  }

  async function proveEvent(index: number): Promise<AuditProof> {
    const proven = await prove(index);
    const [entry] = await (await keeper.running()).log.segments.read(index, index + 1);
    if (entry === undefined) throw auditError('ERR_AUDIT_PROOF');
    return { entry, file: encodeLogProof(proven) };
  }

  async function proveExtension(
    from: number,
  ): Promise<{ readonly checkpoint: string; readonly proof: readonly Uint8Array[] }> {
    const { log, publisher } = await keeper.running();
    const { note, size } = await publisher.publish();
    return { checkpoint: note, proof: from === 0 ? [] : log.tree.consistencyProof(from, size) };
  }

  return {
    register: (labels) => registry.register(labels),
    record,
    prove,
    proveEvent,
    proveExtension,
    checkpoint: async () => (await (await keeper.running()).publisher.publish()).note,
    verifierKey: async () => encodeVerifierKey((await keeper.running()).log.key.verifierKey),
    close: () => keeper.close(),
    [Symbol.asyncDispose]: () => keeper.close(),
  };
}
