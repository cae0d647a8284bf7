import { setTimeout as sleep } from 'node:timers/promises';
import { gatherPieces } from './gather-pieces.ts';

/**
 * One piece in `interval` milliseconds at most. The first piece leaves at once, and so does every one that comes after a
 * pause; what comes sooner waits for the end of the interval and leaves together. A seal and a write for each event of a
 * fast stream would cost more than all else that is done with it.
 */
export async function* pacePieces(
  source: AsyncIterable<Uint8Array>,
  interval: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gathered = gatherPieces(source);
  let next = 0;
  try {
    for (;;) {
      await gathered.arrival();
      const early = next - performance.now();
      if (early > 0 && !gathered.isEnded()) await sleep(early);
      gathered.rethrow();
      if (gathered.queue.length > 0) yield gathered.queue.take(gathered.queue.length);
      else if (gathered.isEnded()) return;
      next = performance.now() + interval;
      gathered.resume();
    }
  } finally {
    await gathered.stop();
  }
}
