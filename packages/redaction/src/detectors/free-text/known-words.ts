import { isEnglishWord } from '../../lexicon/is-english-word.ts';
import { isGivenName } from '../../lexicon/is-given-name.ts';
import { PEOPLES } from '../../lexicon/places.ts';

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

const CAMEL = /\p{Ll}\p{Lu}/u;
const PREFIXED = /^(?:Mc|Mac|De|Di|La|Le|O')\p{Lu}\p{Ll}+$/u;
const JOINED = /['-]/;

/** A word as written and in lower case. */
interface Spelling {
  readonly text: string;
  readonly key: string;
}

/** Whether a capital word says nothing about a person: common, a day, a people, an abbreviation or a product in CamelCase. */
export function isCommon({ text, key }: Spelling): boolean {
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
  return /^[\p{Lu}-]{2,}s?$/u.test(text);
}

/** Whether a capital word is a given name. */
export function isGiven({ key }: Pick<Spelling, 'key'>): boolean {
  const plain = /^[a-z'-]*$/.test(key) ? key : key.normalize('NFD').replace(/\p{M}/gu, '');
  return isGivenName(plain) || (plain.includes('-') && plain.split('-').every(isGivenName));
}
