import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, fromBase64url, fromHex, toBase64, toBase64url, toHex } from './text-encodings.ts';

function attempt(work: () => string): string {
  try {
    return work();
  } catch (error) {
    return error instanceof TypeError ? 'TypeError' : 'another error';
  }
}

describe('text encodings', () => {
  it('agree with Buffer and decode what they encode', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        expect([toHex(bytes), toBase64(bytes), toBase64url(bytes)]).toEqual([
          buffer.toString('hex'),
          buffer.toString('base64'),
          buffer.toString('base64url'),
        ]);
        for (const decoded of [fromHex(toHex(bytes)), fromBase64(toBase64(bytes)), fromBase64url(toBase64url(bytes))]) {
          expect(decoded).toEqual(bytes);
        }
      }),
    );
  });

  it('handle long input', () => {
    const bytes = new Uint8Array(100_000).map((_, index) => index % 251);
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  });

  it('have one text per array: an accepted text is what the bytes encode to', () => {
    const character = fc.constantFrom(...'ABCDabcd0123+/-_= \n'.split(''));
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 8 }), (text) => {
        for (const [decode, encode] of [
          [fromBase64, toBase64],
          [fromBase64url, toBase64url],
        ] as const) {
          expect([text, 'TypeError']).toContain(attempt(() => encode(decode(text))));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['0', 'zz', '0x00', ' 00', '00\n'])('refuse %j as hexadecimal', (text) => {
    expect(() => fromHex(text)).toThrow(TypeError);
  });

  it('take hexadecimal in either case', () => {
    expect(fromHex('aBcD')).toEqual(Uint8Array.of(0xab, 0xcd));
  });

  it.each(['A', 'AA', 'AA=', 'AB==', 'AAB=', 'AA==\n', '=AAA', 'AA-_', 'AAAA====', 'AA==AA=='])(
    'refuse %j as base64',
    (text) => {
      expect(() => fromBase64(text)).toThrow(TypeError);
    },
  );

  it.each(['A', 'AA==', 'AB', 'AAB', 'AA+/', 'AAAAA', 'AA A'])('refuse %j as base64url', (text) => {
    expect(() => fromBase64url(text)).toThrow(TypeError);
  });
});
