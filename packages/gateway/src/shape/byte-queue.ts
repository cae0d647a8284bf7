import { concat } from '@cloister/core';

/** Bytes in order, taken in other portions than they came in. */
export interface ByteQueue {
  readonly length: number;
  push(bytes: Uint8Array): void;
  /** At most `most` bytes from the front. */
  take(most: number): Uint8Array;
}

/** An empty queue. */
export function createByteQueue(): ByteQueue {
  const pieces: Uint8Array[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(bytes) {
      if (bytes.length > 0) pieces.push(bytes);
      length += bytes.length;
    },
    take(most) {
      const taken: Uint8Array[] = [];
      let left = Math.min(most, length);
      length -= left;
      for (let first = pieces[0]; left > 0 && first !== undefined; first = pieces[0]) {
        taken.push(first.subarray(0, left));
        if (first.length > left) pieces[0] = first.subarray(left);
        else pieces.shift();
        left -= Math.min(left, first.length);
      }
      return concat(...taken);
    },
  };
}
