import { TOKEN_WORDS, type EntryType } from '../types.ts';
import { type Id, spellId } from './id.ts';

/** Code units of the longest token: `[[`, 12 letters, `_`, 7 characters, `]]` (DESIGN 6.5). */
export const LONGEST_TOKEN = 24;

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

/** Forms that one entry can tell apart: none, then B to Z. */
export const MOST_FORMS = 26;

/**
 * The token of one written form of an entry. The id is the entry's; the first form has the bare word, later ones a letter
 * more (`[[EMAILB_…]]`), so that every spelling comes back exactly while the id still says "the same value".
 */
export function spellToken(type: EntryType, form: number, id: Id): string {
  return `[[${TOKEN_WORDS[type]}${form === 0 ? '' : String.fromCharCode(0x41 + form)}_${spellId(id)}]]`;
}

/** Which form of an entry a token's word names; `undefined` when the word is another type's. */
export function parseForm(type: EntryType, word: string): number | undefined {
  const stem = TOKEN_WORDS[type];
  if (word === stem) return 0;
  if (word.length !== stem.length + 1 || !word.startsWith(stem)) return undefined;
  const form = word.charCodeAt(stem.length) - 0x41;
  return form >= 1 && form < MOST_FORMS ? form : undefined;
}
