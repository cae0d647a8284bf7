import { describe, expect, it } from 'vitest';
import { ENGLISH_WORDS } from './english-words.ts';
import { GIVEN_NAMES } from './given-names.ts';
import { isEnglishWord } from './is-english-word.ts';
import { isGivenName } from './is-given-name.ts';
import { createWordList, isListed } from './word-list.ts';

/** The words of a coded line, read in the plainest way. */
function unpack(coded: string): string[] {
  let last = '';
  return [...coded.matchAll(/([A-P])([a-z]+)/g)].map(
    ([, shared = '', rest = '']) => (last = last.slice(0, shared.charCodeAt(0) - 0x41) + rest),
  );
}

describe('a list of words', () => {
  const list = createWordList(['AappleFsEyAants', 'AbeeCtGle'], ['bison']);
  const has = (word: string): boolean => isListed(list, word, 0, word.length);

  it('has each of its words, and those that were added', () => {
    for (const word of ['apple', 'apples', 'apply', 'ants', 'bee', 'bet', 'bison']) expect(has(word)).toBe(true);
  });

  it('has no part of a word, nothing longer, and no other letters', () => {
    for (const word of ['', 'a', 'appl', 'applesx', 'ant', 'Apple', 'b\u00e9e', 'cat', '\u0161', 'ap le'])
      expect(has(word)).toBe(false);
  });

  it('reads a stretch of a text, with letters that do not stand there', () => {
    expect(isListed(list, 'two apples', 4, 10)).toBe(true);
    expect(isListed(list, 'two apples', 4, 9)).toBe(true);
    expect(isListed(list, 'two appl', 4, 8, 'y')).toBe(true);
    expect(isListed(list, 'two appl', 4, 8, 'ies')).toBe(false);
  });
});

describe('the lists of the package', () => {
  it.each([
    ['English words', ENGLISH_WORDS, (word: string) => isEnglishWord(word), 27_000],
    ['given names', GIVEN_NAMES, isGivenName, 7_000],
  ])('%s: a line for each letter, every word found', (_, lines, find, fewest) => {
    const words = lines.map(unpack);
    expect(words.map(([first = '']) => first.charAt(0)).join('')).toBe('abcdefghijklmnopqrstuvwxyz');
    expect(words.flat().length).toBeGreaterThan(fewest);
    expect(words.flat().filter((word) => !find(word))).toEqual([]);
    expect(words.flat().filter((word) => find(`${word}qx`))).toEqual([]);
  });

  it('know inflections', () => {
    const known = ['stopped', 'bigger', 'families', 'happily', 'carelessness', 'worked', 'workers', 'gentlest'];
    expect(known.filter((word) => !isEnglishWord(word))).toEqual([]);
    expect(['s', 'xing', 'zzed', 'kwames', 'ies'].filter((word) => isEnglishWord(word))).toEqual([]);
  });
});
