import type { Finding, FoldedDetector } from '../detector.ts';
import type { DetectionType } from '../types.ts';
import { scanText } from './scan-text.ts';
import { addLetter, groupBit, groupsOf } from './trigger-words.ts';

const BEFORE = 56;
const FEWEST_CHARACTERS = 4;
const NUMBER_WORD = '(?:no|nos|number|num|nr|id|identifier|n\\u00famero|numero|num\\u00e9ro|nummer|#)';
const JOINT = `(?:[\\s:#=.'"(*]|(?:no|number|num|nr|id|is|was|of|card|code|ending|in|details|dl|tin|acc)(?!\\p{L})){0,10}$`;

interface Label {
  readonly type: DetectionType;
  /** Words that announce the code by themselves. */
  readonly words: string;
  /** Words that do so before a word for number. */
  readonly numbered?: string;
  /** What the code must look like without spaces; four digits unless said. */
  readonly shape?: RegExp;
}

const LABELS: readonly Label[] = [
  {
    type: 'MRN',
    words: 'mrn|medical record|medical file|nhc|cipa|historia cl\\u00ednica|episodio|patienten-?(?:id|nr|nummer)',
    numbered: 'patient|hospital|chart|encounter|visit|accession',
  },
  {
    type: 'MEMBER_ID',
    words: 'medicare|medicaid|mbi|versicherten-?(?:nr|nummer)',
    numbered: 'member(?:ship)?|subscriber|policy|insurance|health plan|beneficiary|insurance group|claim',
  },
  // Without a word for number only letters with digits behind them.
  { type: 'MEMBER_ID', words: 'policy|subscriber|member', shape: /^[A-Z]{1,4}\d{6,14}$/ },
  {
    type: 'NATIONAL_ID',
    words: "nass|nuss|aadhaa?r|voter id|national id|id card|personalausweis|carte d'identit\\u00e9|identity card",
    numbered: 'voter|national|citizen|identity|tribal',
  },
  {
    type: 'BANK_ACCOUNT',
    words:
      'bank account|checking account|savings account|account|acct|acc|accnum|a\\/c|kontonummer|cuenta|ifsc(?: code)?|micr(?: code)?|sort code|bsb',
    numbered: 'konto|compte|conto|ccc',
    shape: /^(?=(?:.*\d){5})/,
  },
  {
    type: 'LICENSE',
    words:
      "driv(?:er|ing)(?:'?s)? licen[cs]e|drivers? licen[cs]e|f\\u00fchrerschein|permis de conduire|n[\\u00bao\\u00b0]\\.? ?col(?:egiado)?|colegiado",
    numbered: 'licen[cs]e|certificate|registration|permit|dl',
  },
  { type: 'PASSPORT', words: 'passports?|pasaporte|passeport|reisepass|passaporto|paspoort', numbered: 'passport' },
  {
    type: 'TAX_ID',
    words:
      'tax(?:payer)? (?:id|identification)|tin|fein|atin|vat|gstin|pan(?: card)?|ust-?idn?r|steuer-?(?:id|nummer|nr)|codice fiscale|nif|cif|employer identification',
    numbered: 'tax(?:payer)?|vat|pan|ein',
  },
  { type: 'DEVICE_ID', words: 'serial|s\\/n|udi', numbered: 'serial|device|pacemaker|implant|model and serial' },
  {
    type: 'OTHER_ID',
    words: '(?:user|employee|staff|student)id',
    numbered:
      'employee|staff|student|user|customer|client|badge|case|donor|applicant|participant|resident|inmate|prisoner|subject|service|personnel|payroll|docket',
  },
];
const PLATE: Label = {
  type: 'LICENSE_PLATE',
  words:
    '(?:licen[cs]e|number) plates?|plates?|kennzeichen|matr\\u00edcula|immatriculation|targa|vehicle registration|registration',
  numbered: 'plate|registration|reg',
  shape: /^(?=.*\d)(?=.*[A-Z])(?:-?[A-Z\d]){4,9}$/,
};
const [FOUR_DIGITS, TIME] = [
  /^(?=(?:.*\d){4})/,
  /^(?:19|20)\d{2}(?:[-/]\d{1,2}){0,2}$|^\d{1,2}[-/]\d{1,2}[-/]\d{2,4}$/,
] as const;

const ALL = [...LABELS, PLATE];

/** What {@link labelledCodeDetector} can find. */
export const LABELLED_TYPES: readonly DetectionType[] = ALL.map(({ type }) => type);

const LABEL = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${ALL.map(
    ({ words, numbered }, index) =>
      `(?<l${index}>(?:${words})(?!\\p{L})${numbered === undefined ? '' : `|(?:${numbered})(?!\\p{L})[ .]{0,2}${NUMBER_WORD}`})`,
  ).join('|')})${JOINT}`,
  'iu',
);

// Medicare's own numbers have a shape of their own (CMS, positions of letters and digits); with dashes nothing else has it.
const MBI =
  /^[1-9][AC-HJKMNP-RT-Y][\dAC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y][\dAC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}$/;

const LABELLED = groupBit('label');
const LONGEST_CODE = 40;
const DASHED_MBI = 13;

/**
 * Codes behind a label that says what they are: record and member numbers, accounts, licences, passports, tax numbers, plates,
 * serial numbers and other numbers of a person. Nobody publishes a check rule for them, so `verified` is false, save for
 * numbers of Medicare. Works outwards from every digit over a bounded stretch.
 */
export const labelledCodeDetector: FoldedDetector = {
  id: 'labelled-code',
  view: 'folded',
  detect(text, scan = scanText(text)) {
    const findings: Finding[] = [];
    const isLabelled = (scan.words & LABELLED) !== 0;
    let from = 0;
    for (const at of scan.starts) {
      if (at < from) continue;
      const [start, end] = codeAround(text, at);
      const finding = end - start < FEWEST_CHARACTERS ? undefined : judge(text, start, end, isLabelled);
      if (finding !== undefined) findings.push(finding);
      from = Math.max(end, finding?.end ?? 0);
    }
    return findings;
  },
};

/** The letters, digits, dashes and slashes around a digit, and further groups of digits behind a space. */
function codeAround(text: string, at: number): readonly [start: number, end: number] {
  let [start, end] = [at, at + 1];
  while (start > 0 && at - start < LONGEST_CODE && isPart(text, start - 1)) start--;
  while (end < text.length && end - start < LONGEST_CODE && (isPart(text, end) || joinsDigits(text, end))) end++;
  while (start < at && !isWord(text, start)) start++;
  while (end > at + 1 && !isWord(text, end - 1)) end--;
  return [start, end];
}

function joinsDigits(text: string, index: number): boolean {
  return text.charCodeAt(index) === 0x20 && isDigit(text, index - 1) && isDigit(text, index + 1);
}

function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0x30 && code <= 0x39;
}

function isWord(text: string, index: number): boolean {
  const code = text.charCodeAt(index) | 0x20;
  return isDigit(text, index) || (code >= 0x61 && code <= 0x7a);
}

/** A letter, a digit, a dash or a slash. */
function isPart(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return isWord(text, index) || code === 0x2d || code === 0x2f;
}

/** Whether what stands at an index makes a code beside it a part of something longer. */
function goesOn(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code > 0x7f) return /[\p{L}\p{N}]/u.test(text.charAt(index));
  return isWord(text, index) || code === 0x5f || code === 0x40 || code === 0x2e;
}

/** Whether a word of some label stands in a stretch: looking words up costs less than trying all labels at all places. */
function mayLabel(text: string, from: number, to: number): boolean {
  let hash = 0;
  for (let index = from; index <= to; index++) {
    const code = text.charCodeAt(index) | 0x20;
    if (index < to && code >= 0x61 && code <= 0x7a) hash = addLetter(hash, code);
    else if (hash !== 0) {
      if ((groupsOf(hash) & LABELLED) !== 0) return true;
      hash = 0;
    }
  }
  return false;
}

function judge(text: string, start: number, end: number, isLabelled: boolean): Finding | undefined {
  if (!isLabelled && end - start !== DASHED_MBI) return undefined;
  // A part of an address, a path, a decimal or a longer word.
  if (goesOn(text, start - 1) || (text[end] !== '.' && goesOn(text, end)) || text.startsWith('0x', start))
    return undefined;
  const code = text.slice(start, end);
  const isMbi = MBI.test(code);
  if (isMbi && code.includes('-')) return { type: 'MEMBER_ID', start, end, score: 1, verified: true };
  if (!isLabelled || TIME.test(code) || /^\d{4}$/.test(code)) return undefined;
  const from = Math.max(0, start - BEFORE);
  const groups = mayLabel(text, from, start) ? LABEL.exec(text.slice(from, start))?.groups : undefined;
  const label = groups === undefined ? undefined : ALL.find((_, index) => groups[`l${index}`] !== undefined);
  if (label === undefined) return undefined;
  const plateEnd = label === PLATE ? /^ [A-Z]{2,3}(?![\p{L}\p{N}])/u.exec(text.slice(end, end + 5)) : null;
  const last = end + (plateEnd?.[0].length ?? 0);
  if (!(label.shape ?? FOUR_DIGITS).test(text.slice(start, last).replaceAll(' ', ''))) return undefined;
  return { type: label.type, start, end: last, score: 0.85, verified: isMbi };
}
