import { type Memory, takeNumbers } from './memory.ts';

/** Records of a few whole numbers in one array that grows: no object for each, and all of them can be overwritten. */
export interface Rows {
  /** How many numbers a record has. */
  readonly width: number;
  readonly memory: Memory;
  cells: Int32Array;
  count: number;
}

const FIRST_ROWS = 8;
const EMPTY = new Int32Array(0);

/** No records yet, and no memory for them. */
export function createRows(width: number, memory: Memory): Rows {
  return { width, memory, cells: EMPTY, count: 0 };
}

/** Adds a record of zeros and gives its number. */
export function addRow(rows: Rows): number {
  if (rows.count * rows.width === rows.cells.length) {
    const kept = rows.cells;
    rows.cells = takeNumbers(rows.memory, Math.max(FIRST_ROWS * rows.width, 2 * kept.length));
    rows.cells.set(kept);
    kept.fill(0);
  }
  return rows.count++;
}

/** One number of a record that exists. */
export function getCell(rows: Rows, row: number, column: number): number {
  return rows.cells[row * rows.width + column] as number;
}

/** Changes one number of a record that exists. */
export function setCell(rows: Rows, row: number, column: number, value: number): void {
  rows.cells[row * rows.width + column] = value;
}

/** Takes the numbers of whole records over; the array is theirs from now on. */
export function loadRows(rows: Rows, cells: Int32Array): void {
  rows.cells = cells;
  rows.count = cells.length / rows.width;
}

/** Overwrites and forgets all records. */
export function eraseRows(rows: Rows): void {
  rows.cells.fill(0);
  rows.cells = EMPTY;
  rows.count = 0;
}
