import type { Finding } from '../detector.ts';
import type { NumberStart } from './number-block.ts';
import type { TextScan } from './scan-text.ts';

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
const [PLUS, PARENTHESIS] = [0x2b, 0x28] as const;
const ANY = -1;

/**
 * The same for an expression whose matches begin with a block of digits, where `+`, `(` or both may stand before it: tried there
 * alone, so that its cost is that of the numbers of a text and not of its length.
 * @param pattern with the sticky flag
 */
export function findAtNumbers(
  text: string,
  { starts, reach, blocks }: TextScan,
  { fewest, whole = ANY, begun = 0, behind = 0 }: NumberStart,
  pattern: RegExp,
  judge: (match: RegExpExecArray) => Finding | undefined,
): Finding[] {
  const findings: Finding[] = [];
  let from = 0;
  for (let at = 0; at < starts.length; at++) {
    const start = starts[at] as number;
    if (start < from || (reach[at] as number) < fewest) continue;
    const block = blocks[at] as number;
    if ((block & whole) === 0 && ((block & begun) === 0 || (block & behind) === 0)) continue;
    let begin = start;
    while (begin > from && start - begin < 2 && isOpening(text.charCodeAt(begin - 1))) begin--;
    for (; begin <= start; begin++) {
      pattern.lastIndex = begin;
      const match = pattern.exec(text);
      if (match === null) continue;
      from = pattern.lastIndex;
      const finding = judge(match);
      if (finding !== undefined) findings.push(finding);
      break;
    }
  }
  return findings;
}

function isOpening(code: number): boolean {
  return code === PLUS || code === PARENTHESIS;
}

/**
 * What `judge` makes of every match of an expression whose matches begin with a block of digits: tried there alone.
 * @param pattern with the sticky flag
 */
export function findEachAtNumbers(
  text: string,
  starts: readonly number[],
  pattern: RegExp,
  judge: (match: RegExpExecArray) => readonly Finding[],
): Finding[] {
  const findings: Finding[] = [];
  let from = 0;
  for (const start of starts) {
    if (start < from) continue;
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    if (match === null) continue;
    from = pattern.lastIndex;
    for (const finding of judge(match)) findings.push(finding);
  }
  return findings;
}

/**
 * What `judge` makes of every match of an expression that has a certain number in it: read around these numbers alone.
 * @param pattern with the global flag
 * @param before code units of a match before the number, at most
 * @param behind the same from the number on, with what is looked at behind a match
 */
export function findEachNear(
  text: string,
  numbers: readonly number[],
  pattern: RegExp,
  [before, behind]: readonly [before: number, behind: number],
  judge: (match: RegExpExecArray) => readonly Finding[],
): Finding[] {
  const findings: Finding[] = [];
  for (let at = 0; at < numbers.length;) {
    const begin = Math.max(0, (numbers[at] as number) - before);
    let end = begin;
    for (; at < numbers.length && (numbers[at] as number) - before <= end; at++) end = (numbers[at] as number) + behind;
    // One more, for what looks behind.
    const offset = Math.max(0, begin - 1);
    const stretch = text.slice(offset, end);
    pattern.lastIndex = begin - offset;
    for (let match = pattern.exec(stretch); match !== null; match = pattern.exec(stretch)) {
      match.index += offset;
      for (const finding of judge(match)) findings.push(finding);
    }
  }
  return findings;
}

/** A finding on the whole of a match. */
export function findingOf(match: RegExpExecArray, type: Finding['type'], score: number, verified: boolean): Finding {
  return { type, start: match.index, end: match.index + match[0].length, score, verified };
}
