import type { Finding, FoldedDetector } from '../detector.ts';
import { findAll, findingOf } from './find-all.ts';
import { compilePattern } from './tenant-pattern.ts';

const KEYWORD =
  /\b(?:MRN|medical record(?: (?:no|number|num|id))?|patient (?:id|no|number)|hospital (?:no|number))\b\.?\s{0,2}[:#=]?\s{0,2}(?:is\s)?#?([A-Z]{0,4}[- ]?\d[\dA-Z-]{3,14})(?!\w)/gi;

/**
 * Medical record numbers: after their keyword, and wherever the tenant's own pattern matches. There is no common format,
 * so without a keyword or a pattern nothing is claimed.
 * @param source the tenant's pattern, as the source of a regular expression
 */
export function createMrnDetector(source?: string): FoldedDetector {
  const own = source === undefined ? undefined : compilePattern(source, 'patterns.mrn');
  return {
    id: 'mrn',
    view: 'folded',
    detect: (text) => [...afterKeyword(text), ...(own === undefined ? [] : matches(text, own))],
  };
}

function afterKeyword(text: string): Finding[] {
  return findAll(text, KEYWORD, (match) => {
    const end = match.index + match[0].length;
    return { type: 'MRN', start: end - (match[1] ?? '').length, end, score: 0.9, verified: false };
  });
}

function matches(text: string, pattern: RegExp): Finding[] {
  return findAll(text, pattern, (match) => findingOf(match, 'MRN', 1, false));
}
