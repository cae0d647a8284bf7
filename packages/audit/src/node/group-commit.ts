import { auditError } from '../errors.ts';

/** Collects entries while a sync is under way and stores them together with the next. */
export interface GroupCommit {
  /**
   * Resolves to what `store` answers for this entry once it is durable.
   * @throws CloisterError `ERR_AUDIT_BUSY` on a full queue, `ERR_AUDIT_UNAVAILABLE` after a failed write: nothing is
   *   retried on the same file, because the system may have dropped the bytes
   */
  add(entry: Uint8Array): Promise<number>;
  /** Resolves once nothing waits. */
  drained(): Promise<void>;
}

interface Waiting {
  readonly entry: Uint8Array;
  readonly resolve: (index: number) => void;
  readonly reject: (error: Error) => void;
}

const MAX_BATCH = 512;

/**
 * A queue in front of `store`, which gets at most 512 entries at a time and one call at a time.
 * @param store makes the entries durable and answers the index of the first
 */
export function createGroupCommit(
  store: (entries: readonly Uint8Array[]) => Promise<number>,
  options: { readonly maxWaiting: number },
): GroupCommit {
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;
  let failed = false;

  async function run(): Promise<void> {
    while (waiting.length > 0) await commit(waiting.splice(0, MAX_BATCH));
    running = undefined;
  }

  async function commit(batch: readonly Waiting[]): Promise<void> {
    try {
      if (failed) throw new Error('an earlier write failed');
      const first = await store(batch.map(({ entry }) => entry));
      for (const [place, { resolve }] of batch.entries()) resolve(first + place);
    } catch (error) {
      failed = true;
      for (const { reject } of batch) reject(auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'write', cause: error }));
    }
  }

  return {
    add(entry) {
      if (failed) return Promise.reject(auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'write' }));
      if (waiting.length >= options.maxWaiting) return Promise.reject(auditError('ERR_AUDIT_BUSY'));
      const done = new Promise<number>((resolve, reject) => waiting.push({ entry, resolve, reject }));
      running ??= run();
      return done;
    },
    async drained() {
      await running;
    },
  };
}
