import type { Finding, FoldedDetector } from '../detector.ts';
import type { DetectionType } from '../types.ts';
import { findAll, findingOf } from './find-all.ts';
import { compilePattern } from './tenant-pattern.ts';

/**
 * Numbers in a tenant's own format. There is no common format of medical record or member numbers, so without a keyword or a
 * pattern nothing is claimed.
 * @param source the source of a regular expression
 * @param subject what the pattern is called in an error
 * @throws CloisterError ERR_REDACTION_PATTERN
 */
export function createPatternDetector(type: DetectionType, source: string, subject: string): FoldedDetector {
  const pattern = compilePattern(source, subject);
  return {
    id: subject,
    view: 'folded',
    detect: (text): Finding[] => findAll(text, pattern, (match) => findingOf(match, type, 1, false)),
  };
}
