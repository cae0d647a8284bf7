import type { PieceSource } from '@cloister/channel';

/** The pieces of a source, for loops and `Array.fromAsync`; leaving the loop cancels the source. */
export async function* iterate({ next, cancel }: PieceSource): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for (let piece = await next(); piece !== undefined; piece = await next()) yield piece;
  } finally {
    await cancel();
  }
}
