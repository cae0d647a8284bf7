import { bigEndian, concat, utf8 } from './bytes.ts';

/**
 * LP of every part, joined: a 4-byte big-endian length, then the bytes (DESIGN 6.1). Text counts as UTF-8.
 * Two different lists of parts never give the same bytes, so a derivation input cannot be read two ways.
 */
export function lengthPrefixed(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const part of parts) {
    const bytes = typeof part === 'string' ? utf8(part) : part;
    pieces.push(bigEndian(bytes.length, 4), bytes);
  }
  return concat(...pieces);
}
