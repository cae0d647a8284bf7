import { utf8 } from './bytes.ts';

/**
 * LP of every part, joined: a 4-byte big-endian length, then the bytes (DESIGN 6.1). Text counts as UTF-8.
 * Two different lists of parts never give the same bytes, so a derivation input cannot be read two ways.
 */
export function lengthPrefixed(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const part of parts) {
    const piece = typeof part === 'string' ? utf8(part) : part;
    pieces.push(piece);
    length += 4 + piece.length;
  }
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    // By hand: a view of a short array would move it to memory of its own, which costs more than all the rest.
    joined[offset] = piece.length >>> 24;
    joined[offset + 1] = piece.length >>> 16;
    joined[offset + 2] = piece.length >>> 8;
    joined[offset + 3] = piece.length;
    joined.set(piece, offset + 4);
    offset += 4 + piece.length;
  }
  return joined;
}
