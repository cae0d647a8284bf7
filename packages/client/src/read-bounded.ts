import { type Pieces, readPieces } from '@cloister/channel';
import { concat } from '@cloister/core';

/**
 * Reads bytes to their end.
 * @param most largest number of bytes
 * @param tooLarge makes the error for more
 */
export async function readBounded(from: Pieces, most: number, tooLarge: () => Error): Promise<Uint8Array> {
  const { next, cancel } = readPieces(from);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let piece = await next(); piece !== undefined; piece = await next()) {
    length += piece.length;
    if (length > most) {
      void cancel();
      throw tooLarge();
    }
    pieces.push(piece);
  }
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : concat(...pieces);
}
