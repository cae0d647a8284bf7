import type { Finding, FoldedDetector } from '../detector.ts';
import { hasKeyword } from './context.ts';
import { findAtNumbers } from './find-all.ts';
import { BLOCK, type NumberStart } from './number-block.ts';
import { scanText } from './scan-text.ts';

// Found by its digits; group 2 is the prefix.
const CANDIDATE = /\d{2}( ?)\d{2}\1\d{2}\1[A-D](?!\w)(?<=(?<![\w-])([A-Z]{2} ?)\d{2} ?\d{2} ?\d{2} ?[A-D])/y;
const START: NumberStart = {
  fewest: 6,
  whole: 0,
  begun: BLOCK.two | BLOCK.six,
  behind: BLOCK.space | BLOCK.letter,
};
// Letters that are not used, and prefixes that are not given out (HM Revenue and Customs, NIM39110).
const PREFIX = /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]/;
const KEYWORDS = /\b(?:national insurance|nino|ni (?:no|number))\b/i;

/** National insurance numbers of the United Kingdom: `verified` means that the prefix is one; others are found beside their word. */
export const ukNinoDetector: FoldedDetector = {
  id: 'uk-nino',
  view: 'folded',
  detect: (text, scan = scanText(text)) => findAtNumbers(text, scan, START, CANDIDATE, (match) => judge(text, match)),
};

function judge(text: string, match: RegExpExecArray): Finding | undefined {
  const [digits, , prefix = ''] = match;
  const [start, end] = [match.index - prefix.length, match.index + digits.length];
  const verified = PREFIX.test(prefix);
  if (!verified && !hasKeyword(text, start, end, KEYWORDS)) return undefined;
  return { type: 'NATIONAL_ID', start, end, score: verified ? 0.85 : 0.6, verified };
}
