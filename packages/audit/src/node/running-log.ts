import { toHex } from '@cloister/core';
import type { Clock, RandomSource } from '@cloister/core';
import { createAuditEvent } from '../events/create-audit-event.ts';
import type { AuditEventFields } from '../events/create-audit-event.ts';
import { createEventCodec } from '../events/encode-event.ts';
import { leafHash } from '../merkle/hash.ts';
import type { Witness } from '../witness/create-witness-client.ts';
import { EpochKeys } from './epoch-keys.ts';
import type { AttestEpoch, Epoch } from './epoch-keys.ts';
import { GroupCommit } from './group-commit.ts';
import type { LogDirectory } from './log-directory.ts';
import { openLog } from './open-log.ts';
import type { OpenLog, OpenLogOptions } from './open-log.ts';
import { createPublisher } from './publisher.ts';
import type { Publisher } from './publisher.ts';

/** A log that takes events. */
export interface RunningLog {
  readonly log: OpenLog;
  readonly commits: GroupCommit;
  readonly publisher: Publisher;
  /** Begins the first epoch of this opening. */
  beginEpoch(): Promise<void>;
  /** Gives the files back; stores nothing any more. */
  close(): Promise<void>;
}

/** How a log runs, with defaults filled in. */
export interface RunningLogOptions extends OpenLogOptions {
  readonly checkpointEvery: number;
  readonly maxWaiting: number;
  readonly maxWait: number;
  readonly segmentBytes: number;
  readonly segmentAge: number;
  readonly retainFor: number;
  readonly epochAge: number;
  readonly attest?: AttestEpoch;
  readonly witnesses: readonly Witness[];
  readonly quorum: number;
  /** Called once when a write has failed. */
  readonly onFailure: (running: RunningLog) => void;
  readonly clock: Clock;
  readonly random: RandomSource;
}

const codec = createEventCodec();

/** Opens a locked directory and stores the event that ties this opening to what was there. */
export async function startLog(directory: LogDirectory, options: RunningLogOptions): Promise<RunningLog> {
  const log = await openLog(directory, options);
  let isOpen = false;
  const onFailure = (running: RunningLog): void => {
    if (isOpen) options.onFailure(running);
  };
  const running = createRunningLog(directory, log, { ...options, onFailure });
  try {
    await running.commits.add(codec.encode(log.opening));
    await running.beginEpoch();
    isOpen = true;
    return running;
  } catch (error) {
    await running.close();
    throw error;
  }
}

function createRunningLog(directory: LogDirectory, log: OpenLog, options: RunningLogOptions): RunningLog {
  const { tree, segments } = log;
  const opened = tree.size;
  const epochs = new EpochKeys(directory, { ...options, key: log.key, known: log.epochs });
  const encode = (fields: AuditEventFields): Uint8Array => codec.encode(createAuditEvent(fields, options));

  async function store(entries: readonly Uint8Array[], missed: number): Promise<number> {
    const isNew = isFull();
    if (isNew) await write([encode(await rotate())]);
    const now = options.clock.now();
    const next = isNew || epochs.isOver(now) ? await epochs.begin(tree, now) : undefined;
    const lead = next === undefined ? [] : [encode(next.fields)];
    if (missed > 0) lead.push(encode({ type: 'audit.gap', outcome: 'error', events: missed }));
    const first = tree.size + lead.length;
    await write([...lead, ...entries], next?.epoch);
    if (tree.size - (publisher.published?.size ?? 0) >= options.checkpointEvery) publisher.publishSoon();
    return first;
  }

  /**
   * The tree grows only after the sync: no checkpoint ever covers what a power cut could take. It changes together with the
   * key, so that a checkpoint is signed by the key of the epoch that it ends in.
   */
  async function write(entries: readonly Uint8Array[], epoch?: Epoch): Promise<void> {
    await segments.last.append(entries, options.clock.now());
    for (const entry of entries) tree.append(leafHash(entry));
    if (epoch !== undefined) epochs.use(epoch);
  }

  function isFull(): boolean {
    const { count, length, startedAt } = segments.last;
    // The events of this opening and of its first epoch name the tree before them and come first, one after the other.
    if (count === 0 || tree.size === opened || epochs.current === undefined) return false;
    return length >= options.segmentBytes || options.clock.now() - startedAt >= options.segmentAge;
  }

  async function rotate(): Promise<AuditEventFields> {
    await segments.rotate(tree);
    const { number: segment } = segments.last;
    return { type: 'audit.rotate', outcome: 'allow', segment, size: tree.size, root: toHex(tree.root()) };
  }

  async function beginEpoch(): Promise<void> {
    const { fields, epoch } = await epochs.begin(tree, options.clock.now());
    await commits.add(encode(fields));
    epochs.use(epoch);
  }

  const commits = new GroupCommit({ ...options, store, onFailure: () => options.onFailure(running) });
  const publisher = createPublisher(directory, log, {
    ...options,
    epoch: () => epochs.current,
    expiry: () => options.clock.now() - options.retainFor,
    onRemoval: (first) => epochs.removeBefore(first),
    announceRemoval: (first) => commits.add(encode({ type: 'audit.retain', outcome: 'allow', first })),
  });
  const running: RunningLog = {
    log,
    commits,
    publisher,
    beginEpoch,
    async close() {
      await publisher.idle();
      await segments.close();
    },
  };
  return running;
}
