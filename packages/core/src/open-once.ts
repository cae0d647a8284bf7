/** Something that is opened on first use and stays open. */
export interface OpenOnce<Opened> {
  /** What was opened; whoever asks while it is being opened gets the same. After a failure the next one tries again. */
  get(): Promise<Opened>;
  /** What is open, or is being opened now; `undefined` when nothing is, so that a closer opens nothing. */
  held(): Promise<Opened | undefined>;
}

/** Opens on first use. @param open may throw: a disk, a server or a source that failed once may answer the next call */
export function openOnce<Opened>(open: () => Promise<Opened>): OpenOnce<Opened> {
  let opening: Promise<Opened> | undefined;
  return {
    async get() {
      const current = (opening ??= open());
      try {
        return await current;
      } catch (error) {
        if (opening === current) opening = undefined;
        throw error;
      }
    },
    held: async () => opening?.catch(() => undefined),
  };
}
