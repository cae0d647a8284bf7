import type { Finding, FoldedDetector } from '../detector.ts';
import type { DetectionType } from '../types.ts';
import { isDigit } from './is-digit.ts';
import { type Label, labelBefore, LABELS, PLATE } from './labels.ts';
import { scanText } from './scan-text.ts';
import { groupBit } from './trigger-words.ts';

const FEWEST_CHARACTERS = 4;
const [FOUR_DIGITS, TIME] = [
  /^(?=(?:.*\d){4})/,
  /^(?:19|20)\d{2}(?:[-/]\d{1,2}){0,2}$|^\d{1,2}[-/]\d{1,2}[-/]\d{2,4}$/,
] as const;

/** What {@link labelledCodeDetector} can find. */
export const LABELLED_TYPES: readonly DetectionType[] = LABELS.map(({ type }) => type);

// Medicare's own numbers have a shape of their own (CMS, positions of letters and digits); with dashes nothing else has it.
const MBI =
  /^[1-9][AC-HJKMNP-RT-Y][\dAC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y][\dAC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}$/;

const LABELLED = groupBit('label');
const LONGEST_CODE = 40;
const [PLAIN_MBI, DASHED_MBI] = [11, 13] as const;
const SPACE = 0x20;
// Three letters, a space, and what stands beside them.
const LONGEST_GROUP = 5;
const MOST_GROUPS = 2;

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
      const finding = judge(text, start, end, isLabelled);
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
  return text.charCodeAt(index) === SPACE && isDigit(text.charCodeAt(index - 1)) && isDigit(text.charCodeAt(index + 1));
}

function isWord(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
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

function judge(text: string, start: number, end: number, isLabelled: boolean): Finding | undefined {
  if (!isLabelled && end - start !== DASHED_MBI) return undefined;
  // A part of an address, a path, a decimal or a longer word.
  if (goesOn(text, start - 1) || (text[end] !== '.' && goesOn(text, end)) || text.startsWith('0x', start))
    return undefined;
  const code = text.slice(start, end);
  const isMbi = end - start >= PLAIN_MBI && end - start <= DASHED_MBI && MBI.test(code);
  if (isMbi && code.includes('-')) return { type: 'MEMBER_ID', start, end, score: 1, verified: true };
  if (!isLabelled) return undefined;
  const label = labelBefore(text, start);
  if (label === PLATE || label === undefined) return judgePlate(text, start, end, label);
  if (end - start < FEWEST_CHARACTERS || TIME.test(code) || /^\d{4}$/.test(code)) return undefined;
  if (!(label.shape ?? FOUR_DIGITS).test(code.replaceAll(' ', ''))) return undefined;
  return { type: label.type, start, end, score: 0.85, verified: isMbi };
}

/** A code of a car with the groups of letters beside it: "AB 12 CDE", "123 ABC", "M AB 123". */
function judgePlate(text: string, start: number, end: number, nearest: Label | undefined): Finding | undefined {
  let [first, label] = [start, nearest];
  for (let groups = 0; label !== PLATE; groups++) {
    const group = groups < MOST_GROUPS ? groupBefore(text, first) : 0;
    if (group === 0) return undefined;
    first -= group;
    label = labelBefore(text, first);
  }
  let last = end;
  if (text.charCodeAt(end) === SPACE && isUpper(text, end + 1))
    last += /^ [A-Z]{1,3}(?![\p{L}\p{N}])/u.exec(text.slice(end, end + LONGEST_GROUP))?.[0].length ?? 0;
  const code = text.slice(first, last);
  if (TIME.test(code) || !PLATE.shape?.test(code.replaceAll(' ', ''))) return undefined;
  return { type: PLATE.type, start: first, end: last, score: 0.85, verified: false };
}

/** Code units of one to three capital letters with a space behind them that end at an index; 0 when there are none. */
function groupBefore(text: string, end: number): number {
  if (text.charCodeAt(end - 1) !== SPACE || !isUpper(text, end - 2)) return 0;
  return /(?<![\p{L}\p{N}])[A-Z]{1,3} $/u.exec(text.slice(Math.max(0, end - LONGEST_GROUP), end))?.[0].length ?? 0;
}

function isUpper(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0x41 && code <= 0x5a;
}
