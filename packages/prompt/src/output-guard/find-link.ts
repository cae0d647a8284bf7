import type { HostRule } from './host-rule.ts';
import { readTag } from './html-tag.ts';

/** What is to be done with the next thing in a text that could lead somewhere. */
export interface LinkReading {
  readonly start: number;
  /** Where to go on; `undefined` while the text ends too early to say. */
  readonly end: number | undefined;
  /** What stands there afterwards. */
  readonly output: string;
  readonly isRemoved: boolean;
  /** What follows is dropped up to this. */
  readonly dropUntil?: RegExp;
}

/** What stands in the place of a link that was removed. Not empty, so that what is around it never grows together. */
export const REMOVED = '(link removed)';

/** Code units that a judgement may wait for. */
export const LONGEST_WAIT = 2048;

const OPENER = /<(?=\/?[a-z])|\]\(|\]:|(?:https?|ftp):\/\/|www\.(?=[a-z0-9])/gi;
/** How a text may end that could go on as an opener. */
const HALF_OPENER = /(?:<\/?|\]|h|ht|htt|https?|https?:\/?|f|ft|ftp|ftp:\/?|w|ww|www|www\.)$/i;
const LONGEST_HALF = 8;

const TARGET = /\s*(?:<([^<>\n]*)|([^\s)]*))/y;
const AUTHORITY = /[^\s<>/?#\\]*/y;
const HOST = /^([a-z0-9.-]+(?::\d{1,5})?)(.*)$/is;
const LONGEST_AUTHORITY = 300;
/** Where a bare address ends for every reader. */
const END_OF_ADDRESS = /[\s<>"'`()[\]{}|\\^*]/;

/** Where a text may be cut: what stays behind could begin an opener. */
export function findHalfOpener(text: string, from: number): number {
  const tail = text.slice(Math.max(from, text.length - LONGEST_HALF));
  return text.length - (HALF_OPENER.exec(tail)?.[0].length ?? 0);
}

/** The next opener at or behind `from`, judged. */
export function findLink(text: string, from: number, isComplete: boolean, rule: HostRule): LinkReading | undefined {
  OPENER.lastIndex = from;
  const opener = OPENER.exec(text);
  if (opener === null) return undefined;
  const [start, written] = [opener.index, opener[0]];
  const mustJudge = isComplete || text.length - start > LONGEST_WAIT;
  if (written === '<') return judgeTag(text, start, mustJudge, rule);
  if (written.startsWith(']')) return judgeTarget(text, start, written, mustJudge, rule);
  return judgeAddress(text, start, written, isComplete, rule);
}

const wait = (start: number): LinkReading => ({ start, end: undefined, output: '', isRemoved: false });

function judgeTag(text: string, start: number, mustJudge: boolean, rule: HostRule): LinkReading {
  const tag = readTag(text, start, rule);
  if (tag.kind === 'open' && !mustJudge) return wait(start);
  if ('end' in tag && tag.end - start > LONGEST_WAIT)
    return { start, end: start + 1, output: '\u2039', isRemoved: false };
  if (tag.kind === 'harmless') return { start, end: tag.end, output: text.slice(start, tag.end), isRemoved: false };
  if (tag.kind === 'harmful') return { start, end: tag.end, output: REMOVED, isRemoved: true };
  return { start, end: start + 1, output: '\u2039', isRemoved: false };
}

/** The target of `](` or `]:`. One that may stay is looked through once more behind its opener, for what it contains. */
function judgeTarget(text: string, start: number, opener: string, mustJudge: boolean, rule: HostRule): LinkReading {
  const from = start + opener.length;
  TARGET.lastIndex = from;
  const [whole = '', pointed, plain = ''] = TARGET.exec(text) ?? [];
  const end = from + whole.length;
  if (end === text.length && !mustJudge) return wait(start);
  const target = pointed ?? plain;
  const isTooLong = whole.length > LONGEST_WAIT - opener.length;
  if (!isTooLong && (/^(?:[a-z][a-z0-9+.-]*:)?$/i.test(target) || rule.allowsTarget(target)))
    return { start, end: from, output: opener, isRemoved: false };
  // Behind `](` the text goes on with its own closing bracket.
  const output = opener === ']:' ? `]: ${REMOVED}` : `] ${REMOVED.slice(0, -1)}`;
  if (isTooLong) return { start, end, output, isRemoved: true, dropUntil: pointed === undefined ? /[\s)]/ : /[>\n]/ };
  return { start, end: text[end] === '>' ? end + 1 : end, output, isRemoved: true };
}

/** An address in plain text, which many pages turn into a link. */
function judgeAddress(text: string, start: number, scheme: string, isComplete: boolean, rule: HostRule): LinkReading {
  const from = scheme.endsWith('/') ? start + scheme.length : start;
  AUTHORITY.lastIndex = from;
  const authority = AUTHORITY.exec(text)?.[0] ?? '';
  const end = from + authority.length;
  if (end === text.length && !isComplete && authority.length <= LONGEST_AUTHORITY) return wait(start);
  if (!/[^!-/:-@[-`{-~]/.test(authority))
    return { start, end: from, output: text.slice(start, from), isRemoved: false };
  const [, host = '', rest = ''] = HOST.exec(authority) ?? [];
  // A host must end as one for every reader: `listed.example'@other.example` is another host.
  const isWhole = authority.length <= LONGEST_AUTHORITY && /^(?:[)\]}.,;:!?'"*_~&|`]*|\]\([^@]*)$/.test(rest);
  if (isWhole && !/^ftp/i.test(scheme) && rule.allowsHost(host.replace(/[.:-]+$/, '')))
    return { start, end: from + host.length, output: text.slice(start, from + host.length), isRemoved: false };
  return { start, end: from, output: REMOVED, isRemoved: true, dropUntil: isWhole ? END_OF_ADDRESS : /[\s<]/ };
}
