import { CAPITAL, CODE, EDGE, NUMBER, PARTICLE, STOP, TOWNS, WORD } from './street-words.ts';

const SMALL =
  '(?:\\p{Ll}{2,12} )?(?:utca|\\u00fat|\\u00fatja|t\\u00e9r|k\\u00f6r\\u00fat|k\\u00f6z|sor|tee|gata|v\\u00e4g|vei|gate|katu|iela|street|road|avenue|lane|drive)(?!\\p{L})';
const BREAK = '[ \\t]{0,3}(?:, ?|\\n)[ \\t>|]{0,4}';
const DOOR = '(?:\\/\\d{1,4}){0,2}[A-Za-z]?';
const STATE = '[A-Z]{2,3}';
const BEHIND_CODE = '(?:[ \\t]{1,2}|,[ \\t]|\\n[ \\t>|]{0,4})';
const LINE = `${CAPITAL}(?: (?:${CAPITAL}|\\d{1,5}[A-Z]?)){0,4}`;
const FLATS = '(?:Flat|Studio|Unit|Apartment|Room|Suite)';
const FLAT = `${FLATS} \\d{1,4}[A-Z]?`;

// A house, a door of it, and the end of the line.
const HOUSE_AND_DOOR = `\\.?(?: \\p{L}{2,12}\\.? \\d{1,4})?${BREAK}`;

/** A house number of a {@link STREET_BLOCK} that does not stand for none. */
export const HOUSE: RegExp = new RegExp(`${NUMBER}${DOOR}${HOUSE_AND_DOOR}`, 'uy');

/** The word of a flat before its number. */
export const FLAT_BEFORE: RegExp = new RegExp(`${FLATS} $`);

/** Code units of the longest of these words, with its space. */
export const LONGEST_FLAT = 10;

/**
 * Streets that their next line gives away: a postal code with a town, a state with a code, a British code. No word needs to be
 * one for a street. All repeats are bounded.
 */
export const STREET_BLOCK: RegExp = new RegExp(
  // Berganbulevardi 88, 83557 Lapinjarvi; ul. Torowa 61/47, 01-249 Bielsko; Lucasring 6, 7640PM, Oud Gastel
  `${EDGE}(?<street>(?:\\p{Ll}{1,4}\\. )?${CAPITAL}(?: (?:${PARTICLE}|${CAPITAL}|${SMALL})){0,4}),? (?:${NUMBER}${DOOR}|[sS]\\/[nN])${HOUSE_AND_DOOR}(?:(?:${CODE})${BEHIND_CODE}${TOWNS}|${TOWNS}, \\d{5}${STOP})`,
  'gu',
);

/** The same where a number or the word for a flat begins. */
export const NUMBER_BLOCKS: readonly RegExp[] = [
  // 87320 Andrew Fields Apt. 230, South Loganmouth, BC B2B 5T1
  `${EDGE}(?:${NUMBER}|\\d{1,4}\\/\\d{1,5}|${FLAT})(?: ${WORD}){1,6}(?: #?\\d{1,5}[A-Z]?)?${BREAK}${TOWNS},? ${STATE},? (?:${CODE})${STOP}`,
  // Studio 97, Cooper Mission, New Laurashire, NR1 0NE
  `${EDGE}(?:${FLAT}${BREAK}(?:${NUMBER} )?|${NUMBER} )${LINE}(?:${BREAK}${LINE}){0,3}${BREAK}[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}${STOP}`,
].map((source) => new RegExp(source, 'uy'));
