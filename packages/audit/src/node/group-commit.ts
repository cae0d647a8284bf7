import { auditError } from '../errors.ts';

/** How entries are stored. */
export interface GroupCommitOptions {
  /**
   * Makes entries durable and answers the index of the first of them.
   * @param missed how many were refused before them, to be told in the log
   */
  readonly store: (entries: readonly Uint8Array[], missed: number) => Promise<number>;
  /** Entries that may wait. */
  readonly maxWaiting: number;
  /** Milliseconds until an entry that is not durable is refused. */
  readonly maxWait: number;
  /** Called once, after a failed write has refused everything. */
  readonly onFailure: () => void;
}

interface Waiting {
  readonly entry: Uint8Array;
  /** The tick at which it is refused. */
  readonly due: number;
  readonly resolve: (index: number) => void;
  readonly reject: (error: Error) => void;
}

const MAX_BATCH = 512;

/** Into how many steps the longest wait is divided. */
const TICKS = 10;

/**
 * Collects entries while a sync is under way and stores them together with the next ones: `store` gets at most 512 entries at
 * a time and one call at a time.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #waiting: Waiting[] = [];
  #inFlight: readonly Waiting[] = [];
  #running: Promise<void> | undefined;
  #isWatching = false;
  #ticks = 0;
  #isFailed = false;
  #missed = 0;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Refused entries that no stored event tells of yet. */
  get missed(): number {
    return this.#missed;
  }

  /** Adds entries that were refused elsewhere. */
  miss(count: number): void {
    this.#missed += count;
  }

  /**
   * Resolves to the entry's index once it is durable.
   * @throws CloisterError `ERR_AUDIT_BUSY` on a full queue, `ERR_AUDIT_UNAVAILABLE` with subject `stalled` when it is not
   *   durable in time and `write` after a failed write: nothing is retried on the same file, because the system may have
   *   dropped the bytes
   */
  add(entry: Uint8Array): Promise<number> {
    if (this.#isFailed || this.#waiting.length >= this.#options.maxWaiting) {
      this.#missed += 1;
      return Promise.reject(this.#isFailed ? unavailable('write') : auditError('ERR_AUDIT_BUSY'));
    }
    const due = this.#ticks + TICKS;
    const done = new Promise<number>((resolve, reject) => this.#waiting.push({ entry, due, resolve, reject }));
    this.#running ??= this.#run();
    if (!this.#isWatching) this.#watch();
    return done;
  }

  /** Resolves once nothing waits and every refusal is told. */
  async drained(): Promise<void> {
    await this.#running;
    if (this.#missed > 0 && !this.#isFailed) await this.#commit([]);
  }

  async #run(): Promise<void> {
    for (let last = 0; this.#waiting.length > 0;) {
      // Those of the last write call again soon. Half of all at a time, so that one half's events are made while the other's are written.
      last = Math.min(MAX_BATCH, Math.ceil((this.#waiting.length + last) / 2));
      await this.#commit(this.#waiting.splice(0, last));
    }
    this.#running = undefined;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const told = this.#missed;
    this.#inFlight = batch;
    try {
      const entries = batch.map(({ entry }) => entry);
      const first = await this.#options.store(entries, told);
      this.#missed -= told;
      for (const [place, { resolve }] of batch.entries()) resolve(first + place);
    } catch (error) {
      this.#isFailed = true;
      this.#refuse([...batch, ...this.#waiting.splice(0)], unavailable('write', error));
      this.#options.onFailure();
    } finally {
      this.#inFlight = [];
    }
  }

  #refuse(entries: readonly Waiting[], error: Error): void {
    this.#missed += entries.length;
    for (const { reject } of entries) reject(error);
  }

  /**
   * Counts time while something waits. A tick that comes late because this process was busy counts once: the disk is not
   * to blame for that.
   */
  #watch(): void {
    this.#isWatching = this.#inFlight.length > 0 || this.#waiting.length > 0;
    if (!this.#isWatching) return;
    const tick = (): void => {
      this.#ticks += 1;
      this.#expire();
      this.#watch();
    };
    setTimeout(tick, this.#options.maxWait / TICKS).unref();
  }

  #expire(): void {
    const isDue = ({ due }: Waiting): boolean => due <= this.#ticks;
    // Those under way may still be stored: whether they are missing shows when the write ends.
    for (const { reject } of this.#inFlight.filter(isDue)) reject(unavailable('stalled'));
    this.#inFlight = this.#inFlight.filter((entry) => !isDue(entry));
    const fresh = this.#waiting.findIndex((entry) => !isDue(entry));
    const overdue = this.#waiting.splice(0, fresh < 0 ? this.#waiting.length : fresh);
    this.#refuse(overdue, unavailable('stalled'));
  }
}

function unavailable(subject: string, cause?: unknown): Error {
  return auditError('ERR_AUDIT_UNAVAILABLE', { subject, cause });
}
