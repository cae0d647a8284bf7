import { setTimeout as sleep } from 'node:timers/promises';
import { gatherPieces } from './gather-pieces.ts';

/** What arrives within this many milliseconds leaves together. */
const WINDOW = 250;

/** Fewer, larger pieces: their number and gaps say little about single tokens. */
export async function* coalescePieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const gathered = gatherPieces(source);
  try {
    for (;;) {
      await gathered.arrival();
      if (!gathered.isEnded()) await sleep(WINDOW);
      gathered.rethrow();
      if (gathered.queue.length > 0) yield gathered.queue.take(gathered.queue.length);
      else if (gathered.isEnded()) return;
      gathered.resume();
    }
  } finally {
    await gathered.stop();
  }
}
