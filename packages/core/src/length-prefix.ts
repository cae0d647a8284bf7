import { utf8 } from './bytes.ts';

/**
 * LP of every part, joined: a 4-byte big-endian length, then the bytes (DESIGN 6.1). Text counts as UTF-8.
 * Two different lists of parts never give the same bytes, so a derivation input cannot be read two ways.
 */
export function lengthPrefixed(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const pieces = parts.map((part) => (typeof part === 'string' ? utf8(part) : part));
  const joined = new Uint8Array(pieces.reduce((sum, { length }) => sum + 4 + length, 0));
  const view = new DataView(joined.buffer);
  let offset = 0;
  for (const piece of pieces) {
    view.setUint32(offset, piece.length);
    joined.set(piece, offset + 4);
    offset += 4 + piece.length;
  }
  return joined;
}
