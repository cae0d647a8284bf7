import { type Id, SYMBOL, SYMBOL_BITS } from './id.ts';
import { type Memory, takeNumbers } from './memory.ts';
import { addRow, createRows, eraseRows, getCell, type Rows, setCell } from './rows.ts';

/** The ids in use in the order of their entries, searchable by nearness. */
export interface IdIndex {
  readonly memory: Memory;
  /** Of each id its two numbers. */
  readonly ids: Rows;
  /** For each line a bit of each key, or of its first bits while ids are fewer: set where an id has it. Empty while ids are few. */
  marks: Int32Array;
  /** How many bits of a key do not choose its mark. */
  shift: number;
  /** Entries plus one by the lower number of their ids, as far as they were asked for. */
  slots: Int32Array;
  /** Ids that {@link slots} has. */
  placed: number;
}

const LINES = 7;
const KEY_BITS = 20;
const [LOW, HIGH] = [0, 1] as const;
const NEAR = 2;
/** Ids that are compared one by one before marks pay. */
const FEW = 24;
/** Ids that are compared one by one when a mark says that one may be near. Beyond these the mark is enough. */
const MOST_COMPARED = 4096;
/** Marks of a line for each id: one new id in forty finds a mark by chance. */
const MARKS_PER_ID = 256;
const MORE_BITS = 2;
const WORD_BITS = 5;
const FIRST_SLOTS = 16;
const NONE = new Int32Array(0);
const keys = new Int32Array(LINES);

/** No ids, and no memory for them. */
export function createIdIndex(memory: Memory): IdIndex {
  return { memory, ids: createRows(2, memory), marks: NONE, shift: KEY_BITS, slots: NONE, placed: 0 };
}

/**
 * Whether an id that differs in at most two symbols is in use (DESIGN 6.5). Among more than 4096 ids some are called near that only
 * share the key of a line, at most one in two.
 */
export function hasNear({ ids, marks, shift }: IdIndex, id: Id): boolean {
  if (marks.length > 0 && !isMarked(marks, shift, id)) return false;
  if (ids.count > MOST_COMPARED) return true;
  for (let entry = 0; entry < ids.count; entry++) if (distance(ids, entry, id) <= NEAR) return true;
  return false;
}

/** The entry with this id; -1 when there is none. */
export function findId(index: IdIndex, id: Id): number {
  while (index.placed < index.ids.count) place(index);
  if (index.slots.length === 0) return -1;
  const mask = index.slots.length - 1;
  for (let slot = id.low & mask; ; slot = (slot + 1) & mask) {
    const entry = (index.slots[slot] as number) - 1;
    if (entry < 0 || distance(index.ids, entry, id) === 0) return entry;
  }
}

/** Adds the id of the next entry. */
export function addId(index: IdIndex, id: Id): void {
  const { ids } = index;
  const entry = addRow(ids);
  setCell(ids, entry, LOW, id.low);
  setCell(ids, entry, HIGH, id.high);
  if (ids.count > FEW && wantsMarks(index)) growMarks(index);
  else if (index.marks.length > 0) mark(index, id);
}

/** The id of an entry. */
export function idOf({ ids }: IdIndex, entry: number): Id {
  return { low: getCell(ids, entry, LOW), high: getCell(ids, entry, HIGH) };
}

/** Forgets all ids. */
export function eraseIds(index: IdIndex): void {
  eraseRows(index.ids);
  index.marks = NONE;
  index.slots.fill(0);
  index.slots = NONE;
  index.placed = 0;
}

/** In how many symbols an id differs. */
function distance(ids: Rows, entry: number, { low, high }: Id): number {
  let symbols = getCell(ids, entry, HIGH) === high ? 0 : 1;
  for (let bits = getCell(ids, entry, LOW) ^ low; bits !== 0; bits >>>= SYMBOL_BITS)
    if ((bits & SYMBOL) !== 0) symbols++;
  return symbols;
}

/**
 * The keys of an id, in an array that the next call overwrites. Each two of the seven points of the Fano plane lie on one of its
 * seven lines. So two ids that differ in at most two places agree in the four places outside of some line, which are its key.
 * Symbols of a keyed hash spread by themselves.
 */
function readKeys({ low, high }: Id): void {
  const [first, last] = [low & SYMBOL, high << 15];
  keys[0] = (low >>> 15) | last; // 3, 4, 5 and 6, outside of the line 0, 1, 2
  keys[1] = ((low >>> 5) & 0x3ff) | ((low >>> 25) << 10) | last; // 1, 2, 5 and 6
  keys[2] = (low >>> 5) & 0xfffff; // 1, 2, 3 and 4
  keys[3] = first | ((low >>> 5) & 0x3e0) | ((low >>> 10) & 0x7c00) | last; // 0, 2, 4 and 6
  keys[4] = first | ((low >>> 5) & 0x7fe0) | ((low >>> 25) << 15); // 0, 2, 3 and 5
  keys[5] = (low & 0x3ff) | ((low >>> 20) << 10); // 0, 1, 4 and 5
  keys[6] = (low & 0x3ff) | ((low >>> 5) & 0x7c00) | last; // 0, 1, 3 and 6
}

function isMarked(marks: Int32Array, shift: number, id: Id): boolean {
  readKeys(id);
  const size = marks.length / LINES;
  for (let line = 0; line < LINES; line++) {
    const bit = (keys[line] as number) >>> shift;
    if ((((marks[line * size + (bit >>> WORD_BITS)] as number) >>> (bit & 0x1f)) & 1) !== 0) return true;
  }
  return false;
}

function mark({ marks, shift }: IdIndex, id: Id): void {
  readKeys(id);
  const size = marks.length / LINES;
  for (let line = 0; line < LINES; line++) {
    const bit = (keys[line] as number) >>> shift;
    const at = line * size + (bit >>> WORD_BITS);
    marks[at] = (marks[at] as number) | (1 << (bit & 0x1f));
  }
}

function wantsMarks({ ids, shift }: IdIndex): boolean {
  return shift > 0 && MARKS_PER_ID * ids.count > 1 << (KEY_BITS - shift);
}

function growMarks(index: IdIndex): void {
  while (wantsMarks(index)) index.shift -= MORE_BITS;
  index.marks = new Int32Array(LINES << (KEY_BITS - index.shift - WORD_BITS));
  for (let entry = 0; entry < index.ids.count; entry++) mark(index, idOf(index, entry));
}

/** Puts the next id where {@link findId} looks for it. */
function place(index: IdIndex): void {
  if (2 * index.placed >= index.slots.length) {
    index.slots = takeNumbers(index.memory, Math.max(FIRST_SLOTS, 4 * index.slots.length));
    index.placed = 0;
  }
  const mask = index.slots.length - 1;
  let slot = getCell(index.ids, index.placed, LOW) & mask;
  while (index.slots[slot] !== 0) slot = (slot + 1) & mask;
  index.slots[slot] = ++index.placed;
}
