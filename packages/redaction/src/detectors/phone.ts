import type { Finding, FoldedDetector } from '../detector.ts';
import { redactionError } from '../errors.ts';
import { digitsOf, hasKeyword } from './context.ts';
import { findAtNumbers } from './find-all.ts';
import { BLOCK, LONG_BLOCK, type NumberStart, SHORT_BLOCK } from './number-block.ts';
import { scanText, type TextScan } from './scan-text.ts';
import { groupBit } from './trigger-words.ts';
import { internationalNumber, nationalNumber, type NumberingPlan, readNumberingPlan } from './numbering-plans.ts';

// Behind a comma, as in tables, but no thousands.
const CANDIDATE =
  /(?<![\w./-]|\d,(?=\d{3}(?![\d(-])))(?:\+|\(\+?)?\d[\d ()./-]{4,22}\d(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?![\w]|[-./]\d|\.\d)/iy;
const START: NumberStart = {
  fewest: 6,
  whole: LONG_BLOCK,
  begun: SHORT_BLOCK | BLOCK.four | BLOCK.five,
  behind: BLOCK.space | BLOCK.dash | BLOCK.dot | BLOCK.bracket | BLOCK.slash,
};
const KEYWORDS =
  /\b(?:phone|tel|telephone|mobile|cell|fax|call(?:ed|ing)?|reach(?:ed|able)?|contact|ring|rang|dial(?:led|ed)?|sms|text(?:ed)?|whats?app|(?:my|her|his|your|their) (?:\w{1,8} )?number is|(?:old|new|other|home|work|office|direct|best|emergency|this|that) number|tried|voicemail|landline|pager|hotline|tfno|tlf|tfn|m[o\u00f3]vil|handy|telefon[eo]?|llam(?:ar|e|a)|anrufen|appele[rz]|chiamare|ligar|telem[o\u00f3]vel|cellulare|t[e\u00e9]l[e\u00e9]copie)\b/i;
const DATE = /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?: \d{1,2})?$|^\d{2} \d{2} (?:19|20)\d{2}$/;
const SOCIAL_SECURITY = /^\d{3}-\d{2}-\d{4}$/;
const GROUPED = /^(?:\+?\d{1,3}[-. ])?\(?\d{3}\)?[-. ]?\d{3}[-. ]\d{4}(?:\s?x\d{1,6})?$/;
// A trunk prefix or a bracketed area code before at least one more group.
const TRUNK =
  /^(?:\(0\d{1,4}\)[-. /]{0,2}|(?:0[1-9]\d{0,4}|00[1-9]\d{0,3}|\(\d{2,4}\))[-. /]{1,2})\d{2,}(?:[-. /]\d{2,}){0,5}$/;
// Fractions, ranges of them, lists with slashes, long postal codes, and object identifiers with their many short parts.
const OTHER_NUMBERS =
  /^[+-]?\d{1,4}\.\d{1,2}(?: |$)|^\d{1,4}\.\d+$|(?<!\d)0\.\d|\d \/ \d|\/\d+\/|^\d{5}-\d{4}$|(?:\.\d(?!\d)){2}/;
const IN_BRACKETS_BEHIND_A_NAME = /\p{Lu}[\p{L}'-]{1,30} \($/u;
const [FEWEST_DIGITS, MOST_DIGITS, FEWEST_ALONE] = [6, 21, 8] as const;
const LINE = 64;
const DEFAULT_REGIONS: readonly string[] = ['US', 'GB'];
const MOST_REGIONS = 16;
const MOST_GROUPS = 8;
const ANNOUNCED = groupBit('phone');
const EXTENSION = /[ex]/i;

/**
 * Phone numbers: international ones, the national forms of the given regions (both judged by libphonenumber's metadata,
 * `verified: true`), the North American grouping, and other plausible digit groups beside a keyword.
 * @throws CloisterError ERR_REDACTION_PATTERN when a region is unknown
 */
export function createPhoneDetector(regions: readonly string[] = DEFAULT_REGIONS): FoldedDetector {
  if (regions.length > MOST_REGIONS) throw redactionError('ERR_REDACTION_PATTERN', { subject: 'regions' });
  const plans = regions.map((region) => {
    const plan = readNumberingPlan(region);
    if (plan === undefined) throw redactionError('ERR_REDACTION_PATTERN', { subject: 'regions' });
    return plan;
  });
  return {
    id: 'phone',
    view: 'folded',
    detect(text, scan = scanText(text)) {
      const read = createReader(plans);
      return findAtNumbers(text, scan, START, CANDIDATE, (match) => judge(text, scan, match, read));
    },
  };
}

function judge(text: string, { words }: TextScan, match: RegExpExecArray, read: Reader): Finding | undefined {
  const { written, start } = withoutOpenBracket(match);
  const end = start + written.length;
  const count = countDigits(written);
  if (count < FEWEST_DIGITS || count > MOST_DIGITS || DATE.test(written) || OTHER_NUMBERS.test(written))
    return undefined;
  const keyword = (words & ANNOUNCED) !== 0 && hasKeyword(text, start, end, KEYWORDS);
  // Bare digits are more often a quantity or a record than a phone.
  const placed = keyword || (count >= FEWEST_ALONE && (isBehindName(text, start, end) || isSigned(text, start, end)));
  if (!placed && !/[-() ./+]/.test(written)) return undefined;
  const canonical = read(written);
  if (canonical !== undefined)
    return { type: 'PHONE', start, end, score: keyword ? 0.95 : 0.8, verified: true, canonical };
  return placed || isShaped(written, count) ? { type: 'PHONE', start, end, score: 0.5, verified: false } : undefined;
}

/** A bracket that nothing closes belongs to the sentence. */
function withoutOpenBracket({ 0: written, index }: RegExpExecArray): {
  readonly written: string;
  readonly start: number;
} {
  const open = written.startsWith('(') && written.split('(').length > written.split(')').length;
  return open ? { written: written.slice(1), start: index + 1 } : { written, start: index };
}

/** Whether digits are grouped as phones are: with a country code, in the North American way, or behind a trunk prefix. */
function isShaped(written: string, count: number): boolean {
  return (
    GROUPED.test(written) || /^\(?\+/.test(written) || (count >= FEWEST_ALONE && count < 13 && TRUNK.test(written))
  );
}

/** "Mrs Small (05351 88512)". */
function isBehindName(text: string, start: number, end: number): boolean {
  return text[end] === ')' && IN_BRACKETS_BEHIND_A_NAME.test(text.slice(Math.max(0, start - LINE), start));
}

/** A line of its own above or below an e-mail address: a signature. */
function isSigned(text: string, start: number, end: number): boolean {
  if ((start > 0 && text[start - 1] !== '\n') || (end < text.length && text[end] !== '\n')) return false;
  const above = text.slice(Math.max(0, start - LINE), Math.max(0, start - 1));
  const below = text.slice(end + 1, end + LINE);
  return /@[^\n]{0,64}$/.test(above) || /^[^\n]{0,64}@/.test(below);
}

/** Gives the international form of what is written, when a plan allows it. */
type Reader = (written: string) => string | undefined;

const SLOTS = 64;

/** For one text: numbers that it repeats are read once, as far as a few slots remember them. */
function createReader(plans: readonly NumberingPlan[]): Reader {
  const slots: { readonly written: string; readonly found: string | undefined }[] = [];
  return (written) => {
    let hash = written.length;
    for (let index = 0; index < written.length; index++) hash = Math.imul(hash ^ written.charCodeAt(index), 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    if (slots[slot]?.written !== written) slots[slot] = { written, found: parse(written, plans) };
    return slots[slot]?.found;
  };
}

/** The number in international form when a plan allows it. */
function parse(written: string, plans: readonly NumberingPlan[]): string | undefined {
  const end = written.search(EXTENSION);
  // The trunk prefix in brackets is dialled within the country only.
  const number = (end < 0 ? written : written.slice(0, end)).replace('(0)', '');
  const found = written.includes('+') ? internationalNumber(digitsOf(number)) : parseAtHome(number, plans);
  return found === undefined || end < 0 ? found : `${found}x${digitsOf(written.slice(end))}`;
}

function parseAtHome(number: string, plans: readonly NumberingPlan[]): string | undefined {
  if (SOCIAL_SECURITY.test(number)) return undefined;
  const digits = digitsOf(number);
  for (const plan of plans) {
    const found = nationalNumber(plan, digits);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How many digits there are; 0 when brackets do not pair or there are more groups than numbers are written in. */
function countDigits(written: string): number {
  let [digits, groups, open] = [0, 0, 0];
  let inGroup = false;
  for (let index = 0; index < written.length; index++) {
    const code = written.charCodeAt(index);
    const isDigit = code >= 0x30 && code <= 0x39;
    if (isDigit) {
      digits++;
      if (!inGroup) groups++;
    } else if (code === 0x28) open++;
    else if (code === 0x29) open--;
    inGroup = isDigit;
  }
  return open === 0 && groups <= MOST_GROUPS ? digits : 0;
}
