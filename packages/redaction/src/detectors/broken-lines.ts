import type { Finding, FoldedDetector } from '../detector.ts';
import { type Change, createView, type FoldedView } from '../folded-view.ts';
import { shapeOf } from './text-shape.ts';
import type { Gate } from './gate.ts';

// A line break between two parts of a number.
const BREAK = /(?<=[\dA-Z][-.)]?)[ \t]{0,8}\r?\n[ \t]{0,8}(?=[.(-]?[\dA-Z])/g;
// Four numbers make an address only when a dot stands at the break.
const AT_DOT = /\.[ \t]{0,8}\r?\n|\n[ \t]{0,8}\./;
const NUMBERS_ONLY = /^[\d \t.,+()-]+$/;

/**
 * Numbers that a line break cuts: the text is read again without such breaks, and with a space for each. Only what a checksum, a
 * range or a numbering plan confirms counts, and no part of a column of numbers.
 * @param gates the detectors to use
 */
export function createBrokenLinesDetector(gates: readonly Gate[]): FoldedDetector {
  return {
    id: 'broken-lines',
    view: 'folded',
    detect(text) {
      const breaks = findBreaks(text);
      if (breaks.length === 0) return [];
      return ['', ' '].flatMap((joint) => detectIn(text, join(text, breaks, joint), gates));
    },
  };
}

function findBreaks(text: string): (readonly [number, number])[] {
  const breaks: (readonly [number, number])[] = [];
  BREAK.lastIndex = 0;
  for (let match = BREAK.exec(text); match !== null; match = BREAK.exec(text))
    breaks.push([match.index, match.index + match[0].length]);
  return breaks;
}

function join(text: string, breaks: readonly (readonly [number, number])[], joint: string): FoldedView {
  const changes: Change[] = [];
  let [joined, from] = ['', 0];
  for (const [start, end] of breaks) {
    joined += text.slice(from, start) + joint;
    changes.push({ start, end, foldedStart: joined.length - joint.length, foldedEnd: joined.length });
    from = end;
  }
  return createView(text, joined + text.slice(from), changes);
}

function detectIn(text: string, view: FoldedView, gates: readonly Gate[]): Finding[] {
  const shape = shapeOf(view.text);
  return gates
    .filter(([needs]) => (shape & needs) !== 0)
    .flatMap(([, detector]) => [...detector.detect(view.text)])
    .map((finding) => ({ ...finding, start: view.start(finding.start), end: view.end(finding.end) }))
    .filter((finding) => finding.verified && isCut(text, finding) && !isColumn(text, finding));
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

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
