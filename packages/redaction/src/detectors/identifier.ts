import type { FoldedDetector } from '../detector.ts';
import type { DetectionType } from '../types.ts';
import { hasKeyword } from './context.ts';
import { findAll, findingOf } from './find-all.ts';

/** What tells one kind of number from another. */
export interface IdentifierRule {
  readonly type: DetectionType;
  /** Where a value may stand: global, bounded, with its own borders. */
  readonly candidate: RegExp;
  /** The checksum, over the candidate without spaces and dashes. */
  readonly verify: (value: string) => boolean;
  /** Words that announce the number. */
  readonly keywords: RegExp;
  /** Whether a value that passes the checksum counts without a keyword. Only for shapes that nothing else has. */
  readonly alone: boolean;
}

/**
 * A detector for numbers with a checksum. Beside a keyword every candidate is found, and says by `verified` whether its
 * checksum holds: a number with a typing error still points at a person.
 */
export function createIdentifierDetector(id: string, rule: IdentifierRule): FoldedDetector {
  return {
    id,
    view: 'folded',
    detect: (text) =>
      findAll(text, rule.candidate, (match) => {
        const [start, end] = [match.index, match.index + match[0].length];
        const verified = rule.verify(match[0].replace(/[ -]/g, ''));
        const keyword = hasKeyword(text, start, end, rule.keywords);
        if (!keyword && !(verified && rule.alone)) return undefined;
        return findingOf(match, rule.type, verified ? 1 : 0.6, verified);
      }),
  };
}
