import type { DetectionType } from '../types.ts';
import { isLetter, KIND, kindAt, wordStart } from './free-text/letters.ts';
import { createPhrases, MORE } from './free-text/phrases.ts';

/** Words that say what the code behind them is, and how such a code looks. */
export interface Label {
  readonly type: DetectionType;
  /** Phrases that announce the code by themselves, as `createPhrases` takes them. */
  readonly words: string;
  /** Phrases that do so before a word for number. */
  readonly numbered?: string;
  /** What the code must look like without spaces; four digits unless said. */
  readonly shape?: RegExp;
}

/** Plates of cars: their codes may have a group of letters behind a space. */
export const PLATE: Label = {
  type: 'LICENSE_PLATE',
  words:
    'license/licence/number plate/plates|plate/plates|car/vehicle reg|kennzeichen|matr\u00edcula|immatriculation|targa|vehicle registration|registration',
  numbered: 'plate|registration|reg',
  shape: /^(?=.*\d)(?=.*[A-Z])(?:-?[A-Z\d]){4,9}$/,
};

/** All labels. Where two begin at one place, the first counts. `a/c` is spelled `a'c`. */
export const LABELS: readonly Label[] = [
  {
    type: 'MRN',
    words:
      'mrn|medical record/file|nhc|cipa|historia cl\u00ednica|episodio|patienten id/nr/nummer|patientenid|patientennr|patientennummer',
    numbered: 'patient|hospital|chart|encounter|visit|accession',
  },
  {
    type: 'MEMBER_ID',
    words: 'medicare|medicaid|mbi|versicherten nr/nummer|versichertennr|versichertennummer',
    numbered: 'member/membership|subscriber|policy|insurance|health plan|beneficiary|group|insurance group|claim',
  },
  // Without a word for number only letters with digits behind them.
  { type: 'MEMBER_ID', words: 'policy|subscriber|member', shape: /^[A-Z]{1,4}\d{6,14}$/ },
  {
    type: 'NATIONAL_ID',
    words:
      "nass|nuss|aadhaar|aadhar|voter/national id|id/identity card|personalausweis|carte d'identit\u00e9|tribal/citizen id",
    numbered: 'voter|national|citizen|identity|tribal',
  },
  {
    type: 'BANK_ACCOUNT',
    words: "account|acct|acc|accnum|a'c|kontonummer|cuenta|ifsc|ifsc code|micr|micr code|sort code|bsb",
    numbered: 'konto|compte|conto|ccc',
    shape: /^(?=(?:.*\d){5})/,
  },
  {
    type: 'LICENSE',
    words:
      "driver/drivers/driver's/driving license/licence|f\u00fchrerschein|permis de conduire|n/no col/colegiado|nocol|nocolegiado|colegiado",
    numbered: 'license/licence|certificate|registration|permit|dl',
  },
  // Numbers of the British registers of doctors, nurses, pharmacists and dentists.
  { type: 'LICENSE', words: 'gmc|nmc|hcpc|gphc|gdc', shape: /^(?:[A-Z]{0,3}\d{5,8}|\d{2}[A-Z]\d{4}[A-Z])$/ },
  { type: 'PASSPORT', words: 'passport/passports|pasaporte|passeport|reisepass|passaporto|paspoort' },
  {
    type: 'TAX_ID',
    words:
      'tax/taxpayer id/identification|tin|fein|atin|vat|gstin|pan|pan card|ust id/idnr|ustid|ustidnr|steuer id/nummer/nr|steuerid|steuernummer|steuernr|codice fiscale|nif|cif|employer identification',
    numbered: 'tax/taxpayer|vat|pan|ein',
  },
  {
    type: 'DEVICE_ID',
    words: "serial|s'n|udi",
    numbered: 'serial|device|pacemaker|implant|model and serial',
  },
  {
    type: 'OTHER_ID',
    words: 'userid|employeeid|staffid|studentid',
    numbered:
      'employee|staff|student|user|customer|client|badge|case|donor|applicant|participant|resident|inmate|prisoner|subject|service|personnel|payroll|docket',
  },
  PLATE,
];

const NUMBERS = 'no nos number num nr id identifier n\u00famero numero num\u00e9ro nummer';
const NUMBER_WORDS: ReadonlySet<string> = new Set(NUMBERS.split(' '));
/** Words that may stand between a label and its code. */
const JOINT_WORDS: ReadonlySet<string> = new Set(
  `${NUMBERS} is was of card code pin ending in details dl tin acc`.split(' '),
);
const codesOf = (marks: string): ReadonlySet<number> => new Set(Array.from(marks, (mark) => mark.charCodeAt(0)));
const JOINT_MARKS = codesOf(' \t\n\r:#=.\'"(*');
/** What stands between the words of a label. */
const SEPARATORS = codesOf(' .-_\u00b0');
const [HASH, SLASH] = [0x23, 0x2f] as const;
const MOST_JOINTS = 10;
const LONGEST_SEPARATOR = 2;
const LONGEST_WORD = 20;

// Of each label a bit for its words and one for those that need a word for number, above that of longer phrases.
const wordBit = (index: number): number => 2 << (2 * index);
const NUMBERED = LABELS.reduce((bits, _, index) => bits | (wordBit(index) << 1), 0);
const PHRASES = createPhrases(
  LABELS.flatMap(({ words, numbered }, index): [number, string][] => [
    [wordBit(index), words],
    ...(numbered === undefined ? [] : [[wordBit(index) << 1, numbered] as [number, string]]),
  ]),
  true,
);

/** Words of which each phrase has one, so that a text without them has no label. */
export const LABEL_WORDS: readonly string[] = [
  ...new Set(
    LABELS.flatMap(({ words, numbered }) => `${words}|${numbered ?? words}`.split('|')).flatMap(
      (phrase) =>
        phrase
          .split(' ')
          .map((place) => place.split('/'))
          .toSorted((left, right) => leastTelling(right) - leastTelling(left))[0] ?? [],
    ),
  ),
];

/** Letters of the shortest word, none when it stands before numbers of any kind. */
function leastTelling(words: readonly string[]): number {
  return Math.min(...words.map((word) => (JOINT_WORDS.has(word) ? 0 : word.length)));
}

/** The label that ends before an index, with nothing but marks, words for number and their like between: the one that begins first. */
export function labelBefore(text: string, index: number): Label | undefined {
  let [at, number]: [number, number] = [index, -1];
  let found: Found | undefined;
  for (let joints = 0; joints <= MOST_JOINTS; joints++) {
    const code = text.charCodeAt(at - 1);
    const isBeforeNumber = number >= 0 && number - at < LONGEST_SEPARATOR && SEPARATORS.has(code);
    if (isBeforeNumber || JOINT_MARKS.has(code)) {
      at--;
      if (code === HASH) number = at;
      else if (!isBeforeNumber) number = -1;
      continue;
    }
    const start = labelWordStart(text, at);
    if (start === at || at - start > LONGEST_WORD) break;
    const word = text.slice(start, at).toLowerCase();
    const label = readLabel(text, start, word, number >= 0);
    if (label !== undefined && label.start < (found?.start ?? index)) found = label;
    if (!JOINT_WORDS.has(word)) break;
    at = start;
    number = NUMBER_WORDS.has(word) ? at : -1;
  }
  return found?.label;
}

interface Found {
  readonly start: number;
  readonly label: Label;
}

/** The longest phrase of a label that ends with a word. */
function readLabel(text: string, from: number, last: string, isNumbered: boolean): Found | undefined {
  const counted = isNumbered ? ~MORE : ~(NUMBERED | MORE);
  let [start, key] = [from, last.replace('/', "'")];
  let found: Found | undefined;
  for (;;) {
    const bits = PHRASES.get(key);
    if (bits === undefined) return found;
    const label = (bits & counted) === 0 ? undefined : LABELS[firstLabel(bits & counted)];
    if (label !== undefined && (kindAt(text, start - 1) & KIND.number) === 0) found = { start, label };
    if ((bits & MORE) === 0) return found;
    let at = start;
    while (start - at < LONGEST_SEPARATOR && SEPARATORS.has(text.charCodeAt(at - 1))) at--;
    start = labelWordStart(text, at);
    if (start === at || at - start > LONGEST_WORD) return found;
    key = `${text.slice(start, at).toLowerCase()} ${key}`;
  }
}

/** The first label among some bits. */
function firstLabel(bits: number): number {
  return (30 - Math.clz32(bits & -bits)) >> 1;
}

/** Where a word begins; two letters with a slash between them are one. */
function labelWordStart(text: string, end: number): number {
  const start = wordStart(text, end);
  const isOne = end - start === 1 && text.charCodeAt(start - 1) === SLASH;
  return isOne && isLetter(text, start - 2) && !isLetter(text, start - 3) ? start - 2 : start;
}
