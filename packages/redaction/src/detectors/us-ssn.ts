import { isUsSsn } from '../checksums/us-ssn.ts';
import type { Finding, FoldedDetector } from '../detector.ts';
import { digitsOf, hasKeyword } from './context.ts';

const CANDIDATE = /(?<![\w.-])(?:\d{3}([- ])\d{2}\1\d{4}|\d{9})(?![\w]|[-.]\d)/g;
const KEYWORDS = /\b(?:ssn|ss#|social security|itin|taxpayer)\b/i;

/**
 * United States social security numbers, with dashes, spaces or (beside a keyword) as nine digits. A number outside the issued ranges is
 * found only beside a keyword, and then says `verified: false`.
 */
export const usSsnDetector: FoldedDetector = {
  id: 'us-ssn',
  view: 'folded',
  detect: (text) => [...text.matchAll(CANDIDATE)].flatMap((match) => judge(text, match)),
};

function judge(text: string, match: RegExpExecArray): Finding[] {
  const [start, end] = [match.index, match.index + match[0].length];
  const verified = isUsSsn(digitsOf(match[0]));
  const shaped = match[1] === '-';
  if (!(verified && shaped) && !hasKeyword(text, start, end, KEYWORDS)) return [];
  return [{ type: 'US_SSN', start, end, score: verified ? 1 : 0.6, verified }];
}
