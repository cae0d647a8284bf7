import { createSealedWindow, type LogBudget } from './sealed-window.ts';

/** The sealed bytes of one answer, for a caller whose connection may break. Nothing in it is in clear. */
export interface SealedLog {
  /**
   * The bytes from `offset` on, as they come, to the end. A later reader takes the place of an earlier one.
   * @returns `undefined` when the log does not hold those bytes, or not any more
   */
  read(offset: number): ReadableStream<Uint8Array> | undefined;
  /** Whether the whole answer was given to a reader. */
  readonly isRead: boolean;
  /** Forgets everything and tells the source that nobody reads any more. */
  close(): void;
}

/** What a log needs besides its source. */
export interface SealedLogOptions {
  /** Most bytes that are held: half of them behind the reader, half ahead of it. */
  readonly most: number;
  /** Counts the bytes of all logs. */
  readonly budget: LogBudget;
  /** Called whenever somebody begins to read (true), and when nobody does any more (false). */
  readonly onReader: (isRead: boolean) => void;
}

/**
 * Reads `source` whether somebody listens or not, until half of `most` is unread; what was read and lies further back than
 * `most` is forgotten. A reader that has come to the end may have lost it on the way, so the bytes stay until `close`.
 */
export function createSealedLog(source: ReadableStream<Uint8Array>, options: SealedLogOptions): SealedLog {
  const { most, budget, onReader } = options;
  const origin = source.getReader();
  const window = createSealedWindow(most, budget);
  let ending: { readonly error?: unknown } | undefined;
  let isPumping = false;
  let reader = 0;
  let wake = (): void => {};

  const pump = async (): Promise<void> => {
    if (isPumping) return;
    isPumping = true;
    try {
      while (ending === undefined && window.hasRoom) {
        const next = await origin.read();
        if (next.done) ending ??= {};
        else if (ending === undefined) window.push(next.value);
        wake();
      }
    } catch (error) {
      ending ??= { error };
      wake();
    }
    isPumping = false;
  };
  const leave = (mine: number): void => {
    if (mine === reader) onReader(false);
  };
  const pull = async (controller: Controller, mine: number): Promise<void> => {
    for (;;) {
      // A clean end would look like the end of the answer.
      if (mine !== reader) throw new DOMException('another reader has come', 'AbortError');
      const piece = window.take();
      if (piece !== undefined) {
        void pump();
        return controller.enqueue(piece);
      }
      if (ending !== undefined) {
        leave(mine);
        if ('error' in ending) throw ending.error;
        return controller.close();
      }
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  void pump();
  return {
    get isRead() {
      return ending !== undefined && window.position === window.length;
    },
    read(offset) {
      if (!window.seek(offset)) return undefined;
      const mine = ++reader;
      wake();
      void pump();
      onReader(true);
      const read = { pull: (controller: Controller) => pull(controller, mine), cancel: () => leave(mine) };
      return new ReadableStream(read, { highWaterMark: 0 });
    },
    close() {
      reader++;
      ending ??= { error: new DOMException('the answer is no longer kept', 'AbortError') };
      window.clear();
      wake();
      origin.cancel().catch(() => {});
    },
  };
}

type Controller = ReadableStreamDefaultController<Uint8Array>;
