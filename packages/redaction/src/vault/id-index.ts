import { type Id, SYMBOL, SYMBOL_BITS } from './id.ts';
import type { Memory } from './memory.ts';
import { addRow, createRows, eraseRows, getCell, type Rows, setCell } from './rows.ts';

/** The ids in use in the order of their entries, searchable by nearness. */
export interface IdIndex {
  /** Of each id: its two numbers, and for each line the id before it in its chain plus one. */
  readonly ids: Rows;
  /**
   * Of each chain its last id plus one, and behind that a bit for each of the eight keys that lead to it, so that most chains need
   * not be walked. Empty while ids are few.
   */
  heads: Int32Array;
  /** How many bits of a key do not choose the chain. */
  shift: number;
}

const LINES = 7;
const KEY_BITS = 20;
const MARK_BITS = 3;
const MARKS = 1 << MARK_BITS;
const ALL_MARKS = (1 << MARKS) - 1;
const [LOW, HIGH, BEFORE] = [0, 1, 2] as const;
const NEAR = 2;
/** Ids that are compared one by one before chains pay. */
const FEW = 24;
/** As many chains as five bits choose, then four times as many whenever there are more ids than chains. */
const FIRST_SHIFT = KEY_BITS - 5;
const MORE_BITS = 2;
const NONE = new Int32Array(0);
const keys = new Int32Array(LINES);

/** No ids, and no memory for them. */
export function createIdIndex(memory: Memory): IdIndex {
  return { ids: createRows(BEFORE + LINES, memory), heads: NONE, shift: FIRST_SHIFT + MORE_BITS };
}

/** Whether an id that differs in at most two symbols is in use (DESIGN 6.5). */
export function hasNear({ ids, heads, shift }: IdIndex, { low, high }: Id): boolean {
  if (heads.length === 0) {
    for (let entry = 0; entry < ids.count; entry++) if (distance(ids, entry, low, high) <= NEAR) return true;
    return false;
  }
  readKeys(low, high);
  for (let line = 0; line < LINES; line++) {
    const key = keys[line] as number;
    const head = heads[(key >>> shift) * LINES + line] as number;
    if ((head & markOf(key, shift)) === 0) continue;
    let entry = (head >>> MARKS) - 1;
    for (; entry >= 0; entry = getCell(ids, entry, BEFORE + line) - 1)
      if (distance(ids, entry, low, high) <= NEAR) return true;
  }
  return false;
}

/** The entry with this id; -1 when there is none. */
export function findId({ ids, heads, shift }: IdIndex, { low, high }: Id): number {
  const isChained = heads.length > 0;
  readKeys(low, high);
  let entry = isChained ? ((heads[((keys[0] as number) >>> shift) * LINES] as number) >>> MARKS) - 1 : ids.count - 1;
  while (entry >= 0 && distance(ids, entry, low, high) > 0)
    entry = isChained ? getCell(ids, entry, BEFORE) - 1 : entry - 1;
  return entry;
}

/** Adds the id of the next entry. */
export function addId(index: IdIndex, id: Id): void {
  const entry = addRow(index.ids);
  setCell(index.ids, entry, LOW, id.low);
  setCell(index.ids, entry, HIGH, id.high);
  if (LINES * entry < index.heads.length) link(index, entry);
  else if (entry >= FEW) grow(index);
}

/** The id of an entry. */
export function idOf({ ids }: IdIndex, entry: number): Id {
  return { low: getCell(ids, entry, LOW), high: getCell(ids, entry, HIGH) };
}

/** Forgets all ids. */
export function eraseIds(index: IdIndex): void {
  eraseRows(index.ids);
  index.heads = NONE;
}

/** In how many symbols an id differs. */
function distance(ids: Rows, entry: number, low: number, high: number): number {
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
function readKeys(low: number, high: number): void {
  const [first, last] = [low & SYMBOL, high << 15];
  keys[0] = (low >>> 15) | last; // 3, 4, 5 and 6, outside of the line 0, 1, 2
  keys[1] = ((low >>> 5) & 0x3ff) | ((low >>> 25) << 10) | last; // 1, 2, 5 and 6
  keys[2] = (low >>> 5) & 0xfffff; // 1, 2, 3 and 4
  keys[3] = first | ((low >>> 5) & 0x3e0) | ((low >>> 10) & 0x7c00) | last; // 0, 2, 4 and 6
  keys[4] = first | ((low >>> 5) & 0x7fe0) | ((low >>> 25) << 15); // 0, 2, 3 and 5
  keys[5] = (low & 0x3ff) | ((low >>> 20) << 10); // 0, 1, 4 and 5
  keys[6] = (low & 0x3ff) | ((low >>> 5) & 0x7c00) | last; // 0, 1, 3 and 6
}

/** The bits of a key behind those that choose the chain. */
function markOf(key: number, shift: number): number {
  return 1 << ((key >>> (shift - MARK_BITS)) & (MARKS - 1));
}

function link({ ids, heads, shift }: IdIndex, entry: number): void {
  readKeys(getCell(ids, entry, LOW), getCell(ids, entry, HIGH));
  for (let line = 0; line < LINES; line++) {
    const key = keys[line] as number;
    const chain = (key >>> shift) * LINES + line;
    const head = heads[chain] as number;
    setCell(ids, entry, BEFORE + line, head >>> MARKS);
    heads[chain] = ((entry + 1) << MARKS) | (head & ALL_MARKS) | markOf(key, shift);
  }
}

function grow(index: IdIndex): void {
  index.shift -= MORE_BITS;
  const size = LINES << (KEY_BITS - index.shift);
  index.heads = new Int32Array(size);
  for (let entry = 0; entry < index.ids.count; entry++) link(index, entry);
}
