import { isEnglishWord } from '../../lexicon/is-english-word.ts';
import { isGivenName } from '../../lexicon/is-given-name.ts';
import { PEOPLES, PLACE_BEGINNINGS } from '../../lexicon/places.ts';
import { createWordFilter, type WordFilter } from '../../lexicon/word-filter.ts';
import { addUnit } from '../../lexicon/word-hash.ts';

const CALENDAR: ReadonlySet<string> = new Set(
  (
    'monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december ' +
    'jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun christmas easter ramadan diwali hanukkah halloween thanksgiving am pm'
  ).split(' '),
);

// What the general list of words lacks.
const MODERN: ReadonlySet<string> = new Set(
  (
    'fax email url website online internet login app apps blog ive dont cant im ok okay bot atm iban ssn mrn pin covid wifi smartphone bitcoin podcast ' +
    'startup config admin username metadata api json html mr mrs ms dr apt asap vs etc tv dvd usb pdf url lol omg wow yeah yep nope hey hmm oh ah ' +
    'mg ml bp kg cm mm systolic diastolic metformin lisinopril aspirin ibuprofen insulin mri ct ecg ekg'
  ).split(' '),
);

// Words of the general list that are hardly ever written but as names.
const NAMES: ReadonlySet<string> = new Set('john james peter bob tom nick mike martin harry maria jack'.split(' '));

const CAMEL = /\p{Ll}\p{Lu}/u;
const PREFIXED = /^(?:Mc|Mac|De|Di|La|Le|O')\p{Lu}\p{Ll}+$/u;
const JOINED = /['-]/;

/** A word as written and in lower case. */
interface Spelling {
  readonly text: string;
  readonly key: string;
}

/** What the lists say about a capital word. */
export interface Knowledge {
  /** Whether it says nothing about a person. */
  readonly ordinary: boolean;
  /** Whether it is a given name. */
  readonly given: boolean;
  /** Whether the name of a place begins with it. */
  readonly beginsPlace: boolean;
}

const UNKNOWN: Knowledge = { ordinary: false, given: false, beginsPlace: false };
let others: WordFilter | undefined;

/** What is known about a word. The short lists are asked for few: a filter tells most words that are on none of them. */
export function knowWord(spelling: Spelling): Knowledge {
  const { text, key } = spelling;
  let hash = 0;
  // Words with anything but small letters behind the first may be known by their parts.
  let isPlain = text.length === key.length;
  for (let index = 0; index < key.length; index++) {
    const code = key.charCodeAt(index);
    isPlain &&= code >= 0x61 && code <= 0x7a && (index === 0 || text.charCodeAt(index) === code);
    hash = addUnit(hash, code);
  }
  others ??= createWordFilter([CALENDAR, MODERN, NAMES, PEOPLES, PLACE_BEGINNINGS]);
  if (!isPlain || others.mayHave(hash))
    return { ordinary: isCommon(spelling), given: isGiven(spelling), beginsPlace: PLACE_BEGINNINGS.has(key) };
  const [ordinary, given] = [isEnglishWord(key), isGivenName(key)];
  return ordinary || given ? { ordinary, given, beginsPlace: false } : UNKNOWN;
}

/** Whether a capital word says nothing about a person: common, a day, a people, an abbreviation or a product in CamelCase. */
export function isCommon({ text, key }: Spelling): boolean {
  if (NAMES.has(key)) return false;
  if (CALENDAR.has(key) || MODERN.has(key) || PEOPLES.has(key) || isEnglishWord(key)) return true;
  if (text.slice(1) !== key.slice(1) && CAMEL.test(text) && !PREFIXED.test(text)) return true;
  return (
    JOINED.test(key) &&
    key
      .replace(/'s$/, '')
      .split(JOINED)
      .every((part) => part === '' || isEnglishWord(part))
  );
}

/** Whether a word is in capitals altogether, as abbreviations are; their plural too. */
export function isAcronym(text: string): boolean {
  // Most capital words have a small letter behind the first.
  const second = text.charCodeAt(1);
  if (second >= 0x61 && second <= 0x7a) return false;
  return /^[\p{Lu}-]{2,}s?$/u.test(text);
}

// Letters with a stroke or without a dot, which have no marks to take away.
const STROKES: Readonly<Record<string, string>> = { '\u0142': 'l', '\u00f8': 'o', '\u0111': 'd', '\u0131': 'i' };

/** Whether a capital word is a given name. */
export function isGiven({ key }: Pick<Spelling, 'key'>): boolean {
  const plain = /^[a-z'-]*$/.test(key) ? key : withoutMarks(key);
  return isGivenName(plain) || (plain.includes('-') && plain.split('-').every((part) => isGivenName(part)));
}

function withoutMarks(word: string): string {
  return word
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[\u0142\u00f8\u0111\u0131]/g, (letter) => STROKES[letter] ?? letter);
}
