import type { Finding, FoldedDetector } from '../detector.ts';
import { type Change, createView, type FoldedView } from '../folded-view.ts';
import { type Gate, opens } from './gate.ts';
import { endOfLine } from './end-of-line.ts';
import { isDigit } from './is-digit.ts';
import { scanText, type TextScan } from './scan-text.ts';

// A line break between two parts of a number.
const BREAK =
  /\r?\n(?:(?<=\d[-.)]?[ \t]{0,8}\r?\n)[ \t]{0,8}(?=[.(-]?[\dA-Z])|(?<=[A-Z][ \t]{0,8}\r?\n)[ \t]{0,8}(?=\d))/g;
const FEWEST_DIGITS = 7;
const NEAR = 24;
const LONGEST_ACCOUNT = 44;
const ACCOUNT_BEGUN = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}[A-Za-z0-9 -]{0,40}$/;
// Longer than any of these numbers, with a keyword before it.
const AROUND = 64;
// Four numbers make an address only when a dot stands at the break.
const AT_DOT = /\.[ \t]{0,8}\r?\n|\n[ \t]{0,8}\./;
// Space, brackets, plus, dash, dot, slash, and a further break.
const IN_NUMBERS: ReadonlySet<number> = new Set(Array.from(' ()+-./\n\r\t', (mark) => mark.charCodeAt(0)));
// More lines than a number is cut into.
const LONGEST_COLUMN = 8;
const LINE_BREAK = 0x0a;
const IN_COLUMNS: ReadonlySet<number> = new Set(Array.from(' \t\r.,+()-', (mark) => mark.charCodeAt(0)));
const NUMBERS_ONLY = /^[\d \t.,+()-]+$/;

/** Detectors of numbers that a break may cut, by what takes the place of the break. */
export interface Joints {
  /** Detectors of numbers whose parts follow one another. */
  readonly closed: readonly Gate[];
  /** Detectors of numbers whose parts may have spaces between them. */
  readonly spaced: readonly Gate[];
}

/**
 * Numbers that a line break cuts: the text is read again without such breaks, and with a space for each. Only what a checksum, a
 * range or a numbering plan confirms counts, and no part of a column of numbers.
 */
export function createBrokenLinesDetector({ closed, spaced }: Joints): FoldedDetector {
  return {
    id: 'broken-lines',
    view: 'folded',
    detect: (text) =>
      findWindows(text).flatMap((window) => [
        ...detectIn(text, join(text, window, ''), closed),
        ...detectIn(text, join(text, window, ' '), spaced),
      ]),
  };
}

/** A stretch of a text around breaks that stand close together. */
interface Window {
  start: number;
  end: number;
  readonly breaks: (readonly [number, number])[];
}

function findWindows(text: string): Window[] {
  const windows: Window[] = [];
  const isInColumn = createColumnTracker(text);
  BREAK.lastIndex = 0;
  for (let match = BREAK.exec(text); match !== null; match = BREAK.exec(text)) {
    const [start, end] = [match.index, match.index + match[0].length];
    if (isInColumn(start) || !mayCut(text, start, end)) continue;
    let window = windows.at(-1);
    if (window === undefined || start > window.end)
      windows.push((window = { start: Math.max(0, start - AROUND), end, breaks: [] }));
    window.end = Math.min(text.length, end + AROUND);
    window.breaks.push([start, end]);
  }
  return windows;
}

/** Whether a break, asked for in order, stands between two of many lines that hold nothing but numbers. */
function createColumnTracker(text: string): (at: number) => boolean {
  let [from, to, lines] = [0, 0, 0];
  return (at) => {
    if (at > to) {
      from = text.lastIndexOf('\n', at - 1) + 1;
      [to, lines] = endOfColumn(text, from);
    }
    return at < to && lines > LONGEST_COLUMN;
  };
}

/** Where the last of the lines ends that hold nothing but numbers, the first from `from` on, and how many they are. */
function endOfColumn(text: string, from: number): [end: number, lines: number] {
  let [end, lines] = [from, 0];
  for (let start = from; start < text.length; lines++) {
    let at = start;
    while (isOfNumbers(text.charCodeAt(at))) at++;
    if (at === start || (at < text.length && text.charCodeAt(at) !== LINE_BREAK)) break;
    end = at;
    start = at + 1;
  }
  return [end, lines];
}

function isOfNumbers(code: number): boolean {
  return isDigit(code) || IN_COLUMNS.has(code);
}

function isInNumber(code: number): boolean {
  return isDigit(code) || IN_NUMBERS.has(code);
}

/** Whether the characters of a number on both sides of a break are enough for one, or an account number has begun. */
function mayCut(text: string, start: number, end: number): boolean {
  if (digitsBeside(text, start - 1, -1) + digitsBeside(text, end, 1) >= FEWEST_DIGITS) return true;
  return ACCOUNT_BEGUN.test(text.slice(Math.max(0, start - LONGEST_ACCOUNT), start));
}

/** Digits among the characters of a number that stand in a row. */
function digitsBeside(text: string, from: number, step: 1 | -1): number {
  let digits = 0;
  for (let index = from; Math.abs(index - from) < NEAR; index += step) {
    const code = text.charCodeAt(index);
    if (!isInNumber(code)) break;
    if (isDigit(code)) digits++;
  }
  return digits;
}

interface Joined {
  readonly offset: number;
  /** Where the breaks stood. */
  readonly breaks: readonly number[];
  readonly view: FoldedView;
}

function join(text: string, { start: offset, end: last, breaks }: Window, joint: string): Joined {
  const changes: Change[] = [];
  let [joined, from] = ['', offset];
  for (const [start, end] of breaks) {
    joined += text.slice(from, start) + joint;
    const foldedEnd = joined.length;
    changes.push({ start: start - offset, end: end - offset, foldedStart: foldedEnd - joint.length, foldedEnd });
    from = end;
  }
  return {
    offset,
    breaks: changes.map(({ foldedStart }) => foldedStart),
    view: createView(text.slice(offset, last), joined + text.slice(from, last), changes),
  };
}

function detectIn(text: string, { offset, breaks, view }: Joined, gates: readonly Gate[]): Finding[] {
  const scan = atBreaks(view.text, breaks);
  const findings: Finding[] = [];
  for (const gate of gates) {
    if (!opens(gate, scan)) continue;
    for (const finding of gate[1].detect(view.text, scan)) {
      if (!finding.verified) continue;
      const placed = { ...finding, start: offset + view.start(finding.start), end: offset + view.end(finding.end) };
      if (isCut(text, placed) && !isColumn(text, placed)) findings.push(placed);
    }
  }
  return findings;
}

/** What a joined text has, with those blocks of digits alone from which a number may reach a break. */
function atBreaks(text: string, breaks: readonly number[]): TextScan {
  const scan = scanText(text);
  const [starts, reach, blocks]: [number[], number[], number[]] = [[], [], []];
  let next = 0;
  let behind = 0;
  for (const place of breaks) {
    let from = place;
    while (from > behind && isInNumber(text.charCodeAt(from - 1))) from--;
    while (next < scan.starts.length && (scan.starts[next] as number) < from) next++;
    for (; next < scan.starts.length && (scan.starts[next] as number) < place; next++) {
      starts.push(scan.starts[next] as number);
      reach.push(scan.reach[next] as number);
      blocks.push(scan.blocks[next] as number);
    }
    behind = place;
  }
  return { ...scan, starts, reach, blocks };
}

function isCut(text: string, { type, start, end }: Finding): boolean {
  const written = text.slice(start, end);
  return type === 'IP_ADDRESS' ? AT_DOT.test(written) : written.includes('\n');
}

/** Whether the parts are whole lines, and one more line of numbers stands above or below. */
function isColumn(text: string, { start, end }: Finding): boolean {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  const whole = NUMBERS_ONLY.test(
    text.slice(lineStart, start) + text.slice(end, lineEnd < 0 ? text.length : lineEnd) + ' ',
  );
  const above = text.slice(text.lastIndexOf('\n', lineStart - 2) + 1, Math.max(0, lineStart - 1));
  const below = lineEnd < 0 ? '' : text.slice(lineEnd + 1, endOfLine(text, lineEnd + 1));
  return whole && (NUMBERS_ONLY.test(above) || NUMBERS_ONLY.test(below));
}
