import type { Finding } from '../detector.ts';

/**
 * What `judge` makes of every match, in order. Reuses the expression as it is: `matchAll` would copy it for every text.
 * @param pattern with the global flag
 */
export function findEach(
  text: string,
  pattern: RegExp,
  judge: (match: RegExpExecArray) => readonly Finding[],
): Finding[] {
  const findings: Finding[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const { lastIndex } = pattern;
    for (const finding of judge(match)) findings.push(finding);
    pattern.lastIndex = match[0] === '' ? lastIndex + 1 : lastIndex;
  }
  return findings;
}

/** The same where a match gives one finding or none. */
export function findAll(
  text: string,
  pattern: RegExp,
  judge: (match: RegExpExecArray) => Finding | undefined,
): Finding[] {
  return findEach(text, pattern, (match) => {
    const finding = judge(match);
    return finding === undefined ? NONE : [finding];
  });
}

const NONE: readonly Finding[] = [];

/** A finding on the whole of a match. */
export function findingOf(match: RegExpExecArray, type: Finding['type'], score: number, verified: boolean): Finding {
  return { type, start: match.index, end: match.index + match[0].length, score, verified };
}
