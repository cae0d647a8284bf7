import { setTimeout as sleep } from 'node:timers/promises';
import type { PieceSource } from '@cloister/channel';
import { concat } from '@cloister/core';
import { createFiller } from './create-filler.ts';
import { type Gathered, gatherPieces } from './gather-pieces.ts';

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
export function frameEvents(source: PieceSource): PieceSource {
  let gathered: Gathered | undefined;
  let started = 0;
  let count = 0;
  return {
    cancel: () => gathered?.stop() ?? source.cancel(),
    async next() {
      if (gathered === undefined) started = performance.now();
      gathered ??= gatherPieces(source);
      await sleep(Math.max(0, started + count * FRAME_INTERVAL - performance.now()));
      gathered.rethrow();
      if (gathered.isEnded() && gathered.queue.length === 0 && isPowerOfTwo(count)) return undefined;
      count += 1;
      const content = gathered.queue.take(FRAME_BYTES);
      gathered.resume();
      return concat(content, createFiller(FRAME_BYTES - content.length));
    },
  };
}

function isPowerOfTwo(count: number): boolean {
  return count > 0 && (count & (count - 1)) === 0;
}
