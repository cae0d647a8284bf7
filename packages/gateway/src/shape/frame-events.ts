import { setTimeout as sleep } from 'node:timers/promises';
import { concat } from '@cloister/core';
import { createFiller } from './create-filler.ts';
import { gatherPieces } from './gather-pieces.ts';

/** Bytes of one frame before sealing. */
export const FRAME_BYTES = 512;
/** Milliseconds from one frame to the next. */
export const FRAME_INTERVAL = 50;

/**
 * One size, one rhythm: a frame every 50 ms from the first call on, filled up between events where there is less to say.
 * The number of frames is rounded up to a power of two, so that the duration says little too. An error of the source
 * ends the frames at once: a failure is no secret.
 * @param source whole server-sent events, without comments
 */
export async function* frameEvents(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const gathered = gatherPieces(source);
  const started = performance.now();
  try {
    for (let count = 0; ; count++) {
      await sleep(Math.max(0, started + count * FRAME_INTERVAL - performance.now()));
      gathered.rethrow();
      if (gathered.isEnded() && gathered.queue.length === 0 && isPowerOfTwo(count)) return;
      const content = gathered.queue.take(FRAME_BYTES);
      gathered.resume();
      yield concat(content, createFiller(FRAME_BYTES - content.length));
    }
  } finally {
    await gathered.stop();
  }
}

function isPowerOfTwo(count: number): boolean {
  return count > 0 && (count & (count - 1)) === 0;
}
