import { isUsSsn } from '../checksums/us-ssn.ts';
import type { Finding, FoldedDetector } from '../detector.ts';
import { digitsOf, hasKeyword } from './context.ts';
import { findAtNumbers, findingOf } from './find-all.ts';
import { BLOCK, type NumberStart } from './number-block.ts';
import { scanText } from './scan-text.ts';

const CANDIDATE = /(?<![\w.-])(?:\d{2,3}[- .]\d{2,3}[- .]\d{4}|\d{9})(?![\w]|[-.]\d)/y;
const START: NumberStart = {
  fewest: 9,
  whole: BLOCK.nine,
  begun: BLOCK.two | BLOCK.three,
  behind: BLOCK.dash | BLOCK.space | BLOCK.dot,
};
const SHAPE = /^(?:\d{3}([- ])\d{2}\1\d{4}|\d{9})$/;
// Individual taxpayer numbers: the ranges that the Internal Revenue Service publishes.
const ITIN = /^9\d{2}(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}$/;
const ITIN_KEYWORDS = /\b(?:itin|taxpayer)\b/i;
const KEYWORDS = /\b(?:ssn|ss#|social security|itin|taxpayer)\b/i;

/**
 * United States social security numbers, with dashes, spaces or (beside a keyword) as nine digits. A number outside the issued ranges is
 * found only beside a keyword, and then says `verified: false`; so is a taxpayer number (ITIN), which is verified by its own ranges.
 */
export const usSsnDetector: FoldedDetector = {
  id: 'us-ssn',
  view: 'folded',
  detect: (text, scan = scanText(text)) => findAtNumbers(text, scan, START, CANDIDATE, (match) => judge(text, match)),
};

function judge(text: string, match: RegExpExecArray): Finding | undefined {
  const [start, end] = [match.index, match.index + match[0].length];
  const digits = digitsOf(match[0]);
  const issued = SHAPE.test(match[0]) && isUsSsn(digits);
  const alone = issued && match[0].includes('-');
  const verified = issued || (ITIN.test(digits) && hasKeyword(text, start, end, ITIN_KEYWORDS));
  if (digits.length !== 9 || !(alone || hasKeyword(text, start, end, KEYWORDS))) return undefined;
  return findingOf(match, 'US_SSN', verified ? 1 : 0.6, verified);
}
