import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  Metadata,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min';
import type { Finding, FoldedDetector } from '../detector.ts';
import { redactionError } from '../errors.ts';
import { digitsOf, hasKeyword } from './context.ts';
import { findAll } from './find-all.ts';
import { northAmericanNumber } from './north-american-number.ts';

const CANDIDATE =
  /(?<![\w.,/-])(?:\+|\(\+?)?\d[\d ()./-]{4,22}\d(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?![\w]|[-./]\d|\.\d)/gi;
const KEYWORDS =
  /\b(?:phone|tel|telephone|mobile|cell|fax|call(?:ed|ing)?|reach(?:ed|able)?|contact|ring|rang|dial(?:led|ed)?|sms|text(?:ed)?|whats?app|(?:my|her|his|your|their) (?:\w{1,8} )?number is|(?:old|new|other|home|work|office|direct|best|emergency|this|that) number|tried|voicemail|landline|pager|hotline|tfno|tlf|tfn|m[o\u00f3]vil|handy|telefon[eo]?|telem[o\u00f3]vel|cellulare|t[e\u00e9]l[e\u00e9]copie)\b/i;
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
const EXTENSION = /x|ext/i;

/**
 * Phone numbers: international ones, the national forms of the given regions (both judged by libphonenumber's metadata,
 * `verified: true`), the North American grouping, and other plausible digit groups beside a keyword.
 * @throws CloisterError ERR_REDACTION_PATTERN when a region is unknown
 */
export function createPhoneDetector(regions: readonly string[] = DEFAULT_REGIONS): FoldedDetector {
  if (regions.length > MOST_REGIONS) throw redactionError('ERR_REDACTION_PATTERN', { subject: 'regions' });
  const plans = regions.map(readPlan);
  return {
    id: 'phone',
    view: 'folded',
    detect: (text) => findAll(text, CANDIDATE, (match) => judge(text, match, plans)),
  };
}

/** How the numbers of a country look. */
interface Plan {
  readonly country: CountryCode;
  readonly isNorthAmerican: boolean;
  /** What the digits of its numbers look like, whatever is dialled before them. */
  readonly shape: RegExp;
}

/** What the metadata also tell, though the library's types do not. */
interface NumberingPlan {
  nationalNumberPattern(): string;
  nationalPrefixForParsing(): string | undefined;
  nationalPrefixTransformRule(): unknown;
}

function readPlan(region: string): Plan {
  if (!isSupportedCountry(region)) throw redactionError('ERR_REDACTION_PATTERN', { subject: 'regions' });
  const metadata = new Metadata();
  metadata.selectNumberingPlan(region);
  const plan = metadata.numberingPlan as unknown as NumberingPlan;
  const code = getCountryCallingCode(region);
  const prefix = plan.nationalPrefixForParsing() ?? '';
  // Some countries rewrite what follows the prefix; there the library alone can tell.
  const shape =
    typeof plan.nationalPrefixTransformRule() === 'string'
      ? ''
      : `^(?:00\\d+|011\\d+|(?:${code})?(?:${prefix})?(?:${plan.nationalNumberPattern()}))$`;
  return { country: region, isNorthAmerican: code === '1', shape: new RegExp(shape) };
}

function judge(text: string, match: RegExpExecArray, plans: readonly Plan[]): Finding | undefined {
  const { written, start } = withoutOpenBracket(match);
  const end = start + written.length;
  const count = digitsOf(written).length;
  if (count < FEWEST_DIGITS || count > MOST_DIGITS || DATE.test(written)) return undefined;
  if (OTHER_NUMBERS.test(written) || !isPlausible(written)) return undefined;
  const keyword = hasKeyword(text, start, end, KEYWORDS);
  // Bare digits are more often a quantity or a record than a phone.
  const placed = keyword || (count >= FEWEST_ALONE && (isBehindName(text, start, end) || isSigned(text, start, end)));
  if (!placed && !/[-() ./+]/.test(written)) return undefined;
  const canonical = parse(written, plans);
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

/** The number in international form when a plan allows it. */
function parse(written: string, plans: readonly Plan[]): string | undefined {
  // The trunk prefix in brackets is dialled within the country only.
  const [number = '', extension] = written.replace(/(?<=\d ?)\(0\)/, '').split(EXTENSION);
  const digits = digitsOf(number);
  const international = written.includes('+');
  const isNorthAmerican = international ? digits.length === 11 : plans.some((plan) => plan.isNorthAmerican);
  const american = isNorthAmerican ? northAmericanNumber(digits) : undefined;
  if (american !== undefined) return `+1${american}${extension === undefined ? '' : `x${digitsOf(extension)}`}`;
  if (international) return ask(written.replace('(0)', ''));
  if (SOCIAL_SECURITY.test(written)) return undefined;
  for (const { country, shape } of plans) {
    // The library compiles its expressions for every number: most of what is no phone is told by one of our own.
    if (!shape.test(digits)) continue;
    const found = ask(written, country);
    if (found !== undefined) return found;
  }
  return undefined;
}

function ask(written: string, country?: CountryCode): string | undefined {
  const options = country === undefined ? {} : { defaultCountry: country };
  const number = parsePhoneNumberFromString(written, { ...options, extract: false });
  if (number?.isValid() !== true) return undefined;
  return number.number + (number.ext === undefined ? '' : `x${number.ext}`);
}

/** Brackets in pairs, and no more groups than numbers are written in. */
function isPlausible(written: string): boolean {
  return (written.match(/\d+/g)?.length ?? 0) <= MOST_GROUPS && written.split('(').length === written.split(')').length;
}
