import type { Finding, FoldedDetector } from '../detector.ts';
import type { DetectionType } from '../types.ts';
import { hasKeyword } from './context.ts';
import { findAll, findAtNumbers, findingOf } from './find-all.ts';
import { scanText, type TextScan } from './scan-text.ts';

/** What tells one kind of number from another. */
export interface IdentifierRule {
  readonly type: DetectionType;
  /** Where a value may stand: bounded, with its own borders; sticky when it begins with digits, global otherwise. */
  readonly candidate: RegExp;
  /** Digits of a value that begins with digits. */
  readonly digits?: number;
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
    detect: (text, scan) =>
      findIn(text, rule, scan, (match) => {
        const [start, end] = [match.index, match.index + match[0].length];
        const keyword = hasKeyword(text, start, end, rule.keywords);
        if (!keyword && !rule.alone) return undefined;
        const verified = rule.verify(match[0].replace(/[ -]/g, ''));
        if (!keyword && !verified) return undefined;
        return findingOf(match, rule.type, verified ? 1 : 0.6, verified);
      }),
  };
}

function findIn(
  text: string,
  { candidate, digits }: IdentifierRule,
  scan: TextScan | undefined,
  judge: (match: RegExpExecArray) => Finding | undefined,
): Finding[] {
  if (digits === undefined) return findAll(text, candidate, judge);
  return findAtNumbers(text, scan ?? scanText(text), { fewest: digits }, candidate, judge);
}
