import { expect, it } from 'vitest';
import { writeShortHash } from './short-hash.ts';

// Of the reference implementation: key 00 to 07, message 00, 01, 02 and so on (vectors_hsip64).
const KEY = new Int32Array(Uint8Array.from({ length: 8 }, (_, index) => index).buffer);
it.each([
  [0, '218d1f59b9b83cc8'],
  [2, '064f39ef7c50eb57'],
  [4, 'd5e78a175be52ea1'],
  [8, 'edfee820bce4858c'],
])('the hash of %i bytes is that of the reference', (length, expected) => {
  const text = Array.from({ length: length / 2 }, (_, unit) =>
    String.fromCharCode((2 * unit) | ((2 * unit + 1) << 8)),
  ).join('');
  const hash = new Int32Array(2);
  writeShortHash(text, KEY, hash);
  expect(Buffer.from(hash.buffer).toString('hex')).toBe(expected);
});
