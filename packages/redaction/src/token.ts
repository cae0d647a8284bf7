import { TOKEN_WORDS, type EntryType } from './types.ts';

/** Code units of the longest token: `[[`, 12 letters, `_`, 7 characters, `]]` (DESIGN 6.5). */
export const LONGEST_TOKEN = 24;

/** Characters of an id. */
export const ID_LENGTH = 7;

/** The alphabet of an id: Crockford base32 in lower case, without i, l, o and u. */
export const ID_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_CODES = Uint8Array.from(ID_ALPHABET, (character) => character.charCodeAt(0));

/** A whole token; group 1 is the word with its form letter, group 2 the id. */
export const TOKEN: RegExp = /\[\[([A-Z]{1,12})_([0-9a-hjkmnp-tv-z]{7})\]\]/g;

/** Every word that a token can have, in a pattern, the form letter included. */
export const WORDS: string = `(?:${[...new Set(Object.values(TOKEN_WORDS))].toSorted((left, right) => right.length - left.length).join('|')})[b-z]?`;

/**
 * What a person could take for a token, in the folded view: wider than what is ever restored, so that no reader is fooled.
 * Without both brackets it takes one of our words and a digit in the id, which every id has: `date_created` is a name.
 */
export const LOOKALIKE: RegExp = new RegExp(
  String.raw`\[\s{0,2}\[\s{0,2}[a-z]{1,24}\s{0,2}\\?[_-]\s{0,2}[0-9a-z]{1,16}\s{0,2}\]\s{0,2}\]|` +
    String.raw`(?<![0-9a-z_])${WORDS}\s{0,2}\\?_\s{0,2}(?=[a-z]{0,6}\d)[0-9a-hjkmnp-tv-z]{7}(?![0-9a-z_])`,
  'gi',
);

/** The id that 35 bits of a digest spell. */
export function spellId(digest: Uint8Array): string {
  const at = (index: number): number => ID_CODES[(digest[index] as number) & 31] as number;
  return String.fromCharCode(at(0), at(1), at(2), at(3), at(4), at(5), at(6));
}

/** Whether an id can be told from a word of a text. */
export function isTellable(id: string): boolean {
  return /\d/.test(id);
}

/** How many characters differ between two ids of equal length. */
export function hammingDistance(left: string, right: string): number {
  let distance = 0;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) distance++;
  return distance;
}

/** Forms that one entry can tell apart: none, then B to Z. */
export const MOST_FORMS = 26;

/**
 * The token of one written form of an entry. The id is the entry's; the first form has the bare word, later ones a letter
 * more (`[[EMAILB_…]]`), so that every spelling comes back exactly while the id still says "the same value".
 */
export function spellToken(type: EntryType, form: number, id: string): string {
  return `[[${TOKEN_WORDS[type]}${form === 0 ? '' : String.fromCharCode(0x41 + form)}_${id}]]`;
}

/** Which form of an entry a token's word names; `undefined` when the word is another type's. */
export function parseForm(type: EntryType, word: string): number | undefined {
  const stem = TOKEN_WORDS[type];
  if (word === stem) return 0;
  if (word.length !== stem.length + 1 || !word.startsWith(stem)) return undefined;
  const form = word.charCodeAt(stem.length) - 0x41;
  return form >= 1 && form < MOST_FORMS ? form : undefined;
}
