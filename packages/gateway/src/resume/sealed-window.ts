/** The bytes that all logs together hold. */
export interface LogBudget {
  /** @param bytes more, or fewer when negative */
  count(bytes: number): void;
  /** Whether there is no room for more: then logs forget what was read, and read no further ahead. */
  isFull(): boolean;
}

/** The part of a byte stream that is held around the place where its reader is. */
export interface SealedWindow {
  /** Bytes that were pushed so far. */
  readonly length: number;
  /** Bytes that the reader took, counted from the start of the stream. */
  readonly position: number;
  /** Whether more may be read ahead. */
  readonly hasRoom: boolean;
  push(piece: Uint8Array): void;
  /** The next bytes for the reader; `undefined` when there are none yet. */
  take(): Uint8Array | undefined;
  /** Moves the reader. @returns false when those bytes are not held */
  seek(offset: number): boolean;
  /** Forgets everything. */
  clear(): void;
}

/** The rest of an answer is sealed once more on its way, and opens in whole pieces alone: small ones get through bad lines. */
const MOST_PIECE = 2048;

/** @param most bytes that are held, as long as the reader keeps up; half of them ahead of it */
export function createSealedWindow(most: number, budget: LogBudget): SealedWindow {
  const pieces: Uint8Array[] = [];
  let [first, length, position] = [0, 0, 0];
  const isPast = (bytes: number): boolean =>
    first + bytes <= position && (length - first - bytes >= most || budget.isFull());
  return {
    get length() {
      return length;
    },
    get position() {
      return position;
    },
    get hasRoom() {
      return length === position || (length - position < most / 2 && !budget.isFull());
    },
    push(piece) {
      pieces.push(piece);
      length += piece.length;
      budget.count(piece.length);
      for (let [oldest] = pieces; oldest !== undefined && isPast(oldest.length); [oldest] = pieces) {
        first += oldest.length;
        budget.count(-oldest.length);
        pieces.shift();
      }
    },
    take() {
      let at = length;
      for (let index = pieces.length - 1; index >= 0; index--) {
        const piece = pieces[index] as Uint8Array;
        at -= piece.length;
        if (at > position) continue;
        const taken = piece.subarray(position - at, position - at + MOST_PIECE);
        position += taken.length;
        return taken.length === 0 ? undefined : taken;
      }
      return undefined;
    },
    seek(offset) {
      if (offset < first || offset > length) return false;
      position = offset;
      return true;
    },
    clear() {
      budget.count(first - length);
      first = length;
      pieces.length = 0;
    },
  };
}
