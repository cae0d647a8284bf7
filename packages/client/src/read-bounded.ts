import { concat } from '@cloister/core';

/**
 * Reads a stream to its end.
 * @param most largest number of bytes
 * @param tooLarge makes the error for more
 */
export async function readBounded(
  stream: ReadableStream<Uint8Array>,
  most: number,
  tooLarge: () => Error,
): Promise<Uint8Array> {
  const reader = stream.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > most) {
      reader.cancel().catch(() => undefined);
      throw tooLarge();
    }
    pieces.push(next.value);
  }
  return concat(...pieces);
}
