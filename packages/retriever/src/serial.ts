/** Runs asynchronous pieces of work one after the other. */
export interface Serial {
  /** Whether anything runs or waits. */
  readonly busy: boolean;
  /** Starts `work` once everything before it has settled; a failure before it does not matter. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** A queue of its own. */
export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    get busy() {
      return waiting > 0;
    },
    run(work) {
      waiting++;
      const result = last.then(work).finally(() => {
        waiting--;
      });
      last = result.catch(() => {});
      return result;
    },
  };
}
