import { isLuhn } from '../checksums/luhn.ts';
import type { Finding, FoldedDetector } from '../detector.ts';
import { digitsOf, hasKeyword } from './context.ts';
import { findAtNumbers, findingOf } from './find-all.ts';
import { BLOCK, type NumberStart } from './number-block.ts';
import { scanText } from './scan-text.ts';

const CANDIDATE =
  /(?<![\w.-])(?:\d{12,19}|\d{4}([ -])\d{4}\1\d{4}(?:\1\d{1,4}(?:\1\d{3})?)?|\d{4}([ -])\d{6}\2\d{4,5})(?![\w]|[-.]\d)/y;
const START: NumberStart = {
  fewest: 12,
  whole: BLOCK.ten,
  begun: BLOCK.four,
  behind: BLOCK.space | BLOCK.dash,
};
const ISSUER = /^(?:[3456]|2[2-7]|1800|2131)/;
// Fifteen digits are American Express, old JCB or Maestro; other prefixes of that length are device identities.
const ISSUER_OF_FIFTEEN = /^(?:3[47]|[56]|1800|2131)/;
const KEYWORDS = /\b(?:cards?|visa|master ?card|amex|american express|discover|credit|debit|pan)\b/i;

/**
 * Payment card numbers of 12 to 19 digits, whole or in the printed groups, by issuer prefix and Luhn digit (ISO/IEC 7812-1). A number
 * that fails is found only beside a keyword, and then says `verified: false`.
 */
export const creditCardDetector: FoldedDetector = {
  id: 'credit-card',
  view: 'folded',
  detect: (text, scan = scanText(text)) => findAtNumbers(text, scan, START, CANDIDATE, (match) => judge(text, match)),
};

function judge(text: string, match: RegExpExecArray): Finding | undefined {
  const digits = digitsOf(match[0]);
  const [start, end] = [match.index, match.index + match[0].length];
  const issuer = digits.length === 15 ? ISSUER_OF_FIFTEEN : ISSUER;
  // What no issuer gives out is another number, even beside the word card.
  if (!issuer.test(digits)) return undefined;
  const verified = isLuhn(digits);
  const keyword = hasKeyword(text, start, end, KEYWORDS);
  // Three groups of four are as often another number.
  const isShort = digits.length === 12 && match[0].length > 12;
  if (verified ? isShort && !keyword : digits.length < 13 || !keyword) return undefined;
  return findingOf(match, 'CREDIT_CARD', verified ? (keyword ? 1 : 0.95) : 0.6, verified);
}
