import { NATIONAL_IDS } from '../checksums/national-ids.ts';
import type { Finding, FoldedDetector } from '../detector.ts';
import { hasKeyword } from './context.ts';
import { findAtNumbers } from './find-all.ts';
import { BLOCK, LONG_BLOCK, type NumberStart, SHORT_BLOCK } from './number-block.ts';
import { scanText } from './scan-text.ts';

// Some begin with a letter: group 1.
const CANDIDATE = /(?<=(?<![\w.])([XYZ][ -]?)?)\d(?:[ .-]?[\dAB]){5,14}(?:[ -]?[A-Z]{1,2})?(?!\w)/y;
const START: NumberStart = {
  fewest: 6,
  whole: LONG_BLOCK,
  begun: SHORT_BLOCK | BLOCK.four | BLOCK.five,
  behind: BLOCK.space | BLOCK.dot | BLOCK.dash | BLOCK.letter,
};

// Most numbers stand beside none of the words.
const ANY_KEYWORD = new RegExp(NATIONAL_IDS.map(({ keywords }) => keywords.source).join('|'), 'i');

/** National personal numbers beside their word; one that fails its check rule says `verified: false`. */
export const nationalIdDetector: FoldedDetector = {
  id: 'national-id',
  view: 'folded',
  detect: (text, scan = scanText(text)) => findAtNumbers(text, scan, START, CANDIDATE, (match) => judge(text, match)),
};

function judge(text: string, match: RegExpExecArray): Finding | undefined {
  const [digits, prefix = ''] = match;
  const [start, end] = [match.index - prefix.length, match.index + digits.length];
  if (!hasKeyword(text, start, end, ANY_KEYWORD)) return undefined;
  const value = (prefix + digits).replace(/[ .-]/g, '');
  const rule = NATIONAL_IDS.find(({ shape, keywords }) => shape.test(value) && hasKeyword(text, start, end, keywords));
  if (rule === undefined) return undefined;
  const verified = rule.verify(value);
  return { type: 'NATIONAL_ID', start, end, score: verified ? 1 : 0.6, verified };
}
