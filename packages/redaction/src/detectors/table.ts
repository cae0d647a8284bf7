import type { Finding, FoldedDetector } from '../detector.ts';
import { endOfLine } from './end-of-line.ts';
import { type Column, readHeader } from './table-headers.ts';

/** Marks that stand between cells, the rarest in prose first. */
const DELIMITERS = ['\t', '|', ';', ','] as const;
const MARKS: ReadonlySet<number> = new Set(DELIMITERS.map((mark) => mark.charCodeAt(0)));
const LONGEST_NAME = 32;
const LONGEST_HEADER = 1024;
const LONGEST_CELL = 160;
// Below the header of a table in Markdown.
const RULE = /^[\s|:-]+$/;
const QUOTE = '"';

/** With commas a line needs more cells, and more of them known: so does prose look. */
const FEWEST = { cells: 2, known: 1 } as const;
const FEWEST_WITH_COMMAS = { cells: 3, known: 2 } as const;

interface Table {
  readonly delimiter: string;
  readonly columns: readonly (Column | undefined)[];
}

/**
 * Values of tables by the header above them: lines with commas, semicolons, tabs or bars (RFC 4180, tables of Markdown), as long as
 * they have as many cells. A name of common words or a number without a shape shows nowhere else what it is.
 */
export const tableDetector: FoldedDetector = {
  id: 'table',
  view: 'folded',
  detect(text) {
    const findings: Finding[] = [];
    let table: Table | undefined;
    for (let start = 0, end: number; start < text.length; start = end + 1) {
      end = endOfLine(text, start);
      if (table === undefined && !hasShortCell(text, start, end)) continue;
      const line = text.slice(start, end);
      const cells = table === undefined ? undefined : cellsOf(line, table.delimiter);
      if (table === undefined || cells?.length !== table.columns.length) table = readTable(line);
      else if (!RULE.test(line)) findings.push(...valuesOf(line, start, cells, table.columns));
    }
    return findings;
  },
};

/** Whether a delimiter stands as soon behind the beginning of a line as a header is long. */
function hasShortCell(text: string, start: number, end: number): boolean {
  const last = Math.min(end, start + LONGEST_NAME);
  for (let index = start + 1; index < last; index++) if (MARKS.has(text.charCodeAt(index))) return true;
  return false;
}

function readTable(line: string): Table | undefined {
  if (line.length > LONGEST_HEADER) return undefined;
  const delimiter = DELIMITERS.find((mark) => line.includes(mark));
  if (delimiter === undefined) return undefined;
  const cells = cellsOf(line, delimiter);
  if (cells.some(([start, end]) => end - start > LONGEST_NAME)) return undefined;
  const columns = cells.map(([start, end]) => readHeader(line.slice(start, end)));
  const known = columns.filter((column) => column !== undefined);
  if (!known.some(({ personal }) => personal)) return undefined;
  const fewest = delimiter === ',' ? FEWEST_WITH_COMMAS : FEWEST;
  return columns.length >= fewest.cells && known.length >= fewest.known ? { delimiter, columns } : undefined;
}

/** Where the cells of a line begin and end, without spaces and quotes around them, and without the bars at both ends. */
function cellsOf(line: string, delimiter: string): [start: number, end: number][] {
  const cells: [number, number][] = [];
  let from = line.length - line.trimStart().length;
  if (delimiter === '|' && line[from] === '|') from++;
  while (from <= line.length) {
    const end = cellEnd(line, from, delimiter);
    cells.push(trim(line, from, end));
    from = end + 1;
  }
  const last = cells.at(-1);
  if (delimiter === '|' && last !== undefined && last[0] === last[1]) cells.pop();
  return cells;
}

function cellEnd(line: string, from: number, delimiter: string): number {
  let index = from;
  while (line[index] === ' ') index++;
  const mayQuote = line[index] === QUOTE;
  // In quotes a delimiter is one of the characters; a doubled quote ends and begins.
  for (let isQuoted = false; index < line.length; index++) {
    if (mayQuote && line[index] === QUOTE) isQuoted = !isQuoted;
    else if (!isQuoted && line[index] === delimiter) return index;
  }
  return line.length;
}

function trim(line: string, from: number, to: number): [start: number, end: number] {
  let [start, end] = [from, to];
  while (start < end && isAround(line, start)) start++;
  while (end > start && isAround(line, end - 1)) end--;
  return [start, end];
}

function isAround(line: string, index: number): boolean {
  return line[index] === ' ' || line[index] === '\r' || line[index] === QUOTE || line[index] === '\t';
}

function valuesOf(
  line: string,
  offset: number,
  cells: readonly (readonly [start: number, end: number])[],
  columns: readonly (Column | undefined)[],
): Finding[] {
  return cells.flatMap(([start, end], index) => {
    const column = columns[index];
    if (column === undefined || end - start > LONGEST_CELL || !column.shape.test(line.slice(start, end))) return [];
    return [{ type: column.type, start: offset + start, end: offset + end, score: 0.8, verified: false }];
  });
}
