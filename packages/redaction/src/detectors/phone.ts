import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { Finding, FoldedDetector } from '../detector.ts';
import { redactionError } from '../errors.ts';
import { digitsOf, hasKeyword } from './context.ts';

const CANDIDATE =
  /(?<![\w.,/-])(?:\+|\(\+?)?\d[\d ()./-]{4,22}\d(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?![\w]|[-./]\d|\.\d)/gi;
const KEYWORDS =
  /\b(?:phone|tel|telephone|mobile|cell|fax|call(?:ed|ing)?|reach(?:ed|able)?|contact|ring|dial|sms|text(?:ed)?|whats?app|(?:my|her|his|your|their) (?:\w{1,8} )?number is|pager|hotline)\b/i;
const DATE = /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?: \d{1,2})?$/;
const GROUPED = /^(?:\+?\d{1,3}[-. ])?\(?\d{3}\)?[-. ]?\d{3}[-. ]\d{4}$/;
const DEFAULT_REGIONS: readonly string[] = ['US', 'GB'];
const MOST_REGIONS = 16;
const MOST_GROUPS = 8;

/**
 * Phone numbers: international ones, the national forms of the given regions (both judged by libphonenumber's metadata,
 * `verified: true`), the North American grouping, and other plausible digit groups beside a keyword.
 * @throws CloisterError ERR_REDACTION_PATTERN when a region is unknown
 */
export function createPhoneDetector(regions: readonly string[] = DEFAULT_REGIONS): FoldedDetector {
  const countries = regions.filter((region): region is CountryCode => isSupportedCountry(region));
  if (countries.length !== regions.length || regions.length > MOST_REGIONS)
    throw redactionError('ERR_REDACTION_PATTERN', { subject: 'regions' });
  return {
    id: 'phone',
    view: 'folded',
    detect: (text) => [...text.matchAll(CANDIDATE)].flatMap((match) => judge(text, match, countries)),
  };
}

function judge(text: string, match: RegExpExecArray, countries: readonly CountryCode[]): Finding[] {
  const written = match[0];
  const [start, end] = [match.index, match.index + written.length];
  const count = digitsOf(written).length;
  if (count < 6 || count > 21 || DATE.test(written) || !isPlausible(written)) return [];
  const keyword = hasKeyword(text, start, end, KEYWORDS);
  // Bare digits are more often a quantity or a record than a phone.
  if (!keyword && !/[-() .+]/.test(written)) return [];
  const canonical = parse(written, countries);
  if (canonical !== undefined)
    return [{ type: 'PHONE', start, end, score: keyword ? 0.95 : 0.8, verified: true, canonical }];
  const shaped = GROUPED.test(written) || written.startsWith('+');
  return keyword || shaped ? [{ type: 'PHONE', start, end, score: 0.5, verified: false }] : [];
}

function parse(written: string, countries: readonly CountryCode[]): string | undefined {
  const options = written.includes('+') ? [undefined] : countries;
  for (const country of options) {
    const number = parsePhoneNumberFromString(written, {
      ...(country === undefined ? {} : { defaultCountry: country }),
      extract: false,
    });
    if (number?.isValid() === true) return number.number + (number.ext === undefined ? '' : `x${number.ext}`);
  }
  return undefined;
}

/** Brackets in pairs, and no more groups than numbers are written in. */
function isPlausible(written: string): boolean {
  return (written.match(/\d+/g)?.length ?? 0) <= MOST_GROUPS && written.split('(').length === written.split(')').length;
}
