import { setTimeout as sleep } from 'node:timers/promises';
import type { PieceSource } from '@cloister/channel';
import { type Gathered, gatherPieces } from './gather-pieces.ts';

/**
 * One piece in `interval` milliseconds at most. The first piece leaves at once, and so does every one that comes after a
 * pause; what comes sooner waits for the end of the interval and leaves together. A seal and a write for each event of a
 * fast stream would cost more than all else that is done with it. What came before a failure is given out before it.
 */
export function pacePieces(source: PieceSource, interval: number): PieceSource {
  let gathered: Gathered | undefined;
  let due = 0;
  return {
    cancel: () => gathered?.stop() ?? source.cancel(),
    async next() {
      gathered ??= gatherPieces(source);
      const { queue } = gathered;
      gathered.resume();
      await gathered.arrival();
      const early = due - performance.now();
      if (early > 0 && !gathered.isEnded()) await sleep(early);
      due = performance.now() + interval;
      if (queue.length > 0) return queue.take(queue.length);
      gathered.rethrow();
      return undefined;
    },
  };
}
