import type { PieceSource } from '@cloister/channel';
import { type ByteQueue, createByteQueue } from './byte-queue.ts';

/** Most bytes that wait for their turn; the source is not read beyond. */
const MAX_WAITING = 65_536;

/** A source that is read ahead, into a queue, while its reader is busy with the clock. */
export interface Gathered {
  readonly queue: ByteQueue;
  /** Whether the source has ended, well or not. */
  isEnded(): boolean;
  /** Resolves with the next arrival, or when the source has ended. */
  arrival(): Promise<void>;
  /** Throws what the source threw. */
  rethrow(): void;
  /** Goes on reading after bytes were taken. */
  resume(): void;
  /** Tells the source that nobody reads any more. */
  stop(): Promise<void>;
}

/** Starts to read `source`; it stays at most 64 KiB and one piece ahead. */
export function gatherPieces(source: PieceSource): Gathered {
  const queue = createByteQueue();
  let isEnded = false;
  let failure: { readonly error: unknown } | undefined;
  let isReading = false;
  let wake: (() => void) | undefined;
  const note = (): void => {
    wake?.();
    wake = undefined;
  };
  const read = async (): Promise<void> => {
    isReading = true;
    try {
      while (!isEnded && queue.length < MAX_WAITING) {
        const piece = await source.next();
        if (piece === undefined) isEnded = true;
        else queue.push(piece);
        note();
      }
    } catch (error) {
      failure = { error };
      isEnded = true;
      note();
    }
    isReading = false;
  };
  const resume = (): void => {
    if (!isReading && !isEnded) void read();
  };
  resume();
  return {
    queue,
    isEnded: () => isEnded,
    arrival: () => (isEnded || queue.length > 0 ? Promise.resolve() : new Promise((resolve) => (wake = resolve))),
    rethrow() {
      if (failure !== undefined) throw failure.error;
    },
    resume,
    async stop() {
      isEnded = true;
      await source.cancel();
    },
  };
}
