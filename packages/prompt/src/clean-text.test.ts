import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText } from './clean-text.ts';

describe('cleaning keeps', () => {
  it.each([
    ['a family', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}'],
    ['a skin tone with a joiner', '\u{1f469}\u{1f3fd}\u200d\u2695\ufe0f'],
    ['a red heart and a keycap', '\u2764\ufe0f 1\ufe0f\u20e3'],
    ['the flag of Scotland', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['a Persian word', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
    ['a Hindi half form', '\u0915\u094d\u200d\u0937 \u0915\u094d\u200c\u0937'],
    ['Mongolian', '\u1820\u180b\u1828'],
    ['an ideographic variant', '\u845b\u{e0100}'],
    ['marks, tabs and line ends', 'e\u0301\t\u00a0x\n'],
  ])('%s', (_name, text) => {
    expect(cleanText(text)).toEqual({ text, removed: 0 });
  });
});

describe('cleaning removes', () => {
  it.each([
    ['hidden tag text', 'ok\u{e0041}\u{e0042}\u{e007f}', 'ok', 3],
    ['a tag run that only begins like a flag', '\u{1f3f4}\u{e0067}x', '\u{1f3f4}x', 1],
    ['bidirectional controls', 'a\u202eb\u2066c\u2069', 'abc', 3],
    ['zero-width characters between Latin letters', 'a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg', 'abcdefg', 6],
    ['variation selectors without a base', 'a\ufe00\ufe0fb\u{e0101}', 'ab', 3],
    ['fillers', '\u3164\u115f\uffa0x', 'x', 3],
    ['control characters', 'a\0b\x1bc\x85d\x7f', 'abcd', 4],
    ['noncharacters', 'a\ufffeb\ufdd0c\u{1ffff}', 'abc', 3],
    ['carriage returns', 'a\r\nb\rc\u2028d\u2029e', 'a\nb\nc\nd\ne', 0],
    ['lone surrogates', 'a\ud800b', 'a\ufffdb', 0],
  ])('%s', (_name, text, expected, removed) => {
    expect(cleanText(text)).toEqual({ text: expected, removed });
  });

  it('leaves nothing for a second pass, and no tag or bidirectional control outside flags', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('\u200d', '\u{e0041}', '\u{1f3f4}', '\u202e', '\u{e007f}', '\ufe0f', '\r', '\u0915', '\u{1f468}'),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 20 }), (units) => {
        const { text } = cleanText(units.join(''));
        expect(cleanText(text)).toEqual({ text, removed: 0 });
        expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
        expect(text.replaceAll(/\u{1f3f4}[\u{e0030}-\u{e007a}]{3,8}\u{e007f}/gu, '')).not.toMatch(
          /[\u{e0000}-\u{e007f}]/u,
        );
      }),
      { numRuns: 1000 },
    );
  });
});
