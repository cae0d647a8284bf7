import { isCloisterError } from '@cloister/core';
import type { AuditRecord } from '@cloister/core';
import { auditError } from '../errors.ts';
import type { LogDirectory } from './log-directory.ts';
import { startLog } from './running-log.ts';
import type { RunningLog, RunningLogOptions } from './running-log.ts';
import { acquireWriteLock } from './write-lock.ts';
import type { ReleaseLock } from './write-lock.ts';

/** How a log is kept running. */
export type LogKeeperOptions = Omit<RunningLogOptions, 'onFailure' | 'keep'> & { readonly retryAfter: number };

/** What is known of a log whose last write failed. */
interface Broken {
  /** Entries that were acknowledged. */
  readonly keep: number;
  /** Entries refused since the last one stored. */
  missed: number;
  /** Resolves once the files of the failed opening are given back. */
  readonly closed: Promise<unknown>;
  retryAt: number;
  attempt: Promise<void> | undefined;
}

/** Opens a log on first use, and again after a fault. The lock is held over faults: no other writer comes between. */
export class LogKeeper {
  readonly #directory: LogDirectory;
  readonly #options: LogKeeperOptions;
  #opening: Promise<RunningLog> | undefined;
  /** The log while it takes events: known without waiting. */
  #taking: RunningLog | undefined;
  #lock: ReleaseLock | undefined;
  #broken: Broken | undefined;
  #closing: Promise<void> | undefined;

  constructor(directory: LogDirectory, options: LogKeeperOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  /** The open log. @throws CloisterError also `ERR_AUDIT_CLOSED`, and `ERR_AUDIT_UNAVAILABLE` while it is broken */
  async running(): Promise<RunningLog> {
    if (this.#closing !== undefined) throw auditError('ERR_AUDIT_CLOSED');
    if (this.#broken !== undefined) throw this.#refuse(this.#broken, 0);
    if (this.#opening === undefined) {
      this.#opening = this.#open();
      // A failed opening may succeed later, for example once another writer has gone.
      this.#opening.catch(() => (this.#opening = undefined));
    }
    return this.#opening;
  }

  /** Stores one entry. Refuses at once while the log is broken, and counts that. */
  async add(entry: Uint8Array): Promise<AuditRecord> {
    if (this.#closing === undefined && this.#broken !== undefined) throw this.#refuse(this.#broken, 1);
    const { commits, log } = this.#taking ?? (await this.running());
    const index = await commits.add(entry);
    return { index, leafHash: log.tree.node(0, index) };
  }

  /** Stores what waits, makes a last checkpoint and gives the directory back. */
  close(): Promise<void> {
    this.#taking = undefined;
    return (this.#closing ??= this.#stop());
  }

  async #open(): Promise<RunningLog> {
    this.#lock ??= await lockDirectory(this.#directory);
    try {
      return this.#take(await this.#start());
    } catch (error) {
      await this.#unlock().catch(() => undefined);
      throw error;
    }
  }

  #take(running: RunningLog): RunningLog {
    if (this.#closing === undefined) this.#taking = running;
    return running;
  }

  #start(keep?: number): Promise<RunningLog> {
    const onFailure = (failed: RunningLog): void => this.#breakOff(failed);
    return startLog(this.#directory, { ...this.#options, ...(keep === undefined ? {} : { keep }), onFailure });
  }

  #breakOff(failed: RunningLog): void {
    this.#taking = undefined;
    const closed = failed.close().catch(() => undefined);
    const retryAt = performance.now() + this.#options.retryAfter;
    this.#broken = { keep: failed.log.tree.size, missed: failed.commits.missed, closed, retryAt, attempt: undefined };
  }

  #refuse(broken: Broken, events: number): Error {
    broken.missed += events;
    if (broken.attempt === undefined && performance.now() >= broken.retryAt) broken.attempt = this.#mend(broken);
    return auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'write' });
  }

  /** Opens the log again with exactly what was acknowledged. Refusals meanwhile are counted too. */
  async #mend(broken: Broken): Promise<void> {
    try {
      await broken.closed;
      const mended = await this.#start(broken.keep);
      mended.commits.miss(broken.missed);
      [this.#opening, this.#broken] = [Promise.resolve(this.#take(mended)), undefined];
    } catch {
      broken.retryAt = performance.now() + this.#options.retryAfter;
      broken.attempt = undefined;
    }
  }

  async #stop(): Promise<void> {
    await this.#broken?.attempt;
    const current = this.#broken === undefined ? await this.#opening?.catch(() => undefined) : undefined;
    try {
      await current?.commits.drained();
      await current?.publisher.publish();
    } finally {
      await current?.close();
      await this.#broken?.closed;
      await this.#unlock();
    }
  }

  async #unlock(): Promise<void> {
    const release = this.#lock;
    this.#lock = undefined;
    try {
      await release?.();
    } catch (error) {
      throw auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'lock', cause: error });
    }
  }
}

async function lockDirectory(directory: LogDirectory): Promise<ReleaseLock> {
  try {
    await directory.make();
    return await acquireWriteLock(directory);
  } catch (error) {
    if (isCloisterError(error)) throw error;
    throw auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'open', cause: error });
  }
}
