import { NATIONAL_IDS } from '../checksums/national-ids.ts';
import type { Finding, FoldedDetector } from '../detector.ts';
import { hasKeyword } from './context.ts';
import { findAll, findingOf } from './find-all.ts';

const CANDIDATE = /(?<![\w.])(?:[XYZ][ -]?)?\d(?:[ .-]?[\dAB]){6,14}(?:[ -]?[A-Z])?(?!\w)/g;

/** National personal numbers beside their word; one that fails its check rule says `verified: false`. */
export const nationalIdDetector: FoldedDetector = {
  id: 'national-id',
  view: 'folded',
  detect: (text) => findAll(text, CANDIDATE, (match) => judge(text, match)),
};

function judge(text: string, match: RegExpExecArray): Finding | undefined {
  const [start, end] = [match.index, match.index + match[0].length];
  const value = match[0].replace(/[ .-]/g, '');
  const rule = NATIONAL_IDS.find(({ shape, keywords }) => shape.test(value) && hasKeyword(text, start, end, keywords));
  if (rule === undefined) return undefined;
  const verified = rule.verify(value);
  return findingOf(match, 'NATIONAL_ID', verified ? 1 : 0.6, verified);
}
