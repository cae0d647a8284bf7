import { describe, expect, it } from 'vitest';
import { bigEndian, concat, equalBytes, fromUtf8, offHeap, utf8, zero } from './bytes.ts';

describe('bytes', () => {
  it('turns text into UTF-8 and back, keeping a byte order mark', () => {
    for (const text of ['', 'abc', 'é€😀', '\ufeffx', '\u0000']) expect(fromUtf8(utf8(text))).toBe(text);
    expect(utf8('\ud800')).toEqual(Uint8Array.of(0xef, 0xbf, 0xbd));
  });

  it.each([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]])('refuses ill-formed UTF-8 %#', (...bytes) => {
    expect(() => fromUtf8(Uint8Array.from(bytes))).toThrow(TypeError);
  });

  it('joins parts into a new array', () => {
    const part = Uint8Array.of(1, 2);
    const joined = concat(part, new Uint8Array(0), Uint8Array.of(3));
    expect(joined).toEqual(Uint8Array.of(1, 2, 3));
    expect(concat(part)).not.toBe(part);
    expect(concat()).toEqual(new Uint8Array(0));
  });

  it('compares whole arrays', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(new Uint8Array(0), new Uint8Array(0))).toBe(true);
    for (const other of [[1], [1, 3], [0, 2], [1, 2, 0]])
      expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.from(other))).toBe(false);
  });

  it('writes big-endian integers and refuses what does not fit', () => {
    expect(bigEndian(0x0102, 2)).toEqual(Uint8Array.of(1, 2));
    expect(bigEndian(2 ** 32 - 1, 4)).toEqual(Uint8Array.of(255, 255, 255, 255));
    expect(bigEndian(Number.MAX_SAFE_INTEGER, 8)).toEqual(Uint8Array.of(0, 0x1f, 255, 255, 255, 255, 255, 255));
    for (const [value, length] of [
      [256, 1],
      [-1, 1],
      [0.5, 2],
      [2 ** 32, 4],
      [2 ** 53, 8],
      [Number.NaN, 8],
    ] as const) {
      expect(() => bigEndian(value, length)).toThrow(RangeError);
    }
  });

  it('overwrites secrets in place', () => {
    const secret = Uint8Array.of(1, 2, 3);
    zero(secret.subarray(1));
    expect(secret).toEqual(Uint8Array.of(1, 0, 0));
  });

  it('moves secrets and leaves nothing where they were', () => {
    const place = Uint8Array.of(7, 1, 2, 3, 7);
    const secret = offHeap(place.subarray(1, 4));
    expect(secret).toEqual(Uint8Array.of(1, 2, 3));
    expect(secret.buffer.byteLength).toBe(3);
    expect(place).toEqual(Uint8Array.of(7, 0, 0, 0, 7));
  });
});
