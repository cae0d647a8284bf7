import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { lengthPrefixed } from './length-prefix.ts';
import { toHex } from './text-encodings.ts';

const parts = fc.array(fc.oneof(fc.uint8Array({ maxLength: 6 }), fc.string({ maxLength: 3 })), { maxLength: 5 });
const bytesOf = (part: Uint8Array | string): string => toHex(typeof part === 'string' ? utf8(part) : part);

/** Where to cut one run of bytes into parts: the collisions that joining without lengths would have. */
const cuts = fc
  .tuple(
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc.array(fc.nat(8), { maxLength: 3 }),
    fc.array(fc.nat(8), { maxLength: 3 }),
  )
  .map(([bytes, first, second]) => [first, second].map((places) => cut(bytes, places)));

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [
    0,
    ...places.filter((place) => place <= bytes.length).toSorted((left, right) => left - right),
    bytes.length,
  ];
  return ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
}

describe('lengthPrefixed', () => {
  it('is a 4-byte big-endian length and the bytes of each part', () => {
    expect(lengthPrefixed('é', Uint8Array.of(7))).toEqual(Uint8Array.of(0, 0, 0, 2, 0xc3, 0xa9, 0, 0, 0, 1, 7));
    expect(lengthPrefixed()).toEqual(new Uint8Array(0));
    expect(lengthPrefixed('')).toEqual(new Uint8Array(4));
  });

  it('tells any two lists apart', () => {
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        const same = JSON.stringify(left.map(bytesOf)) === JSON.stringify(right.map(bytesOf));
        expect(toHex(lengthPrefixed(...left)) === toHex(lengthPrefixed(...right))).toBe(same);
      }),
    );
  });

  it('tells apart lists whose parts join to the same bytes', () => {
    fc.assert(
      fc.property(cuts, ([left = [], right = []]) => {
        const same = JSON.stringify(left.map(bytesOf)) === JSON.stringify(right.map(bytesOf));
        expect(left.map(bytesOf).join('')).toBe(right.map(bytesOf).join(''));
        expect(toHex(lengthPrefixed(...left)) === toHex(lengthPrefixed(...right))).toBe(same);
      }),
    );
  });
});
