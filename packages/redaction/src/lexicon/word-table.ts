import { addUnit } from './word-hash.ts';

/** Words of the letters a to z in arrays: a stretch of a text is looked up without making a string of it, and none is kept. */
export interface WordTable {
  /** By the hash of a word where it begins in `letters`, plus one; zero where there is none. */
  readonly slots: Int32Array;
  /** Each word's length and letters. */
  readonly letters: Uint8Array;
}

const SLOTS_PER_WORD = 2;
const [FIRST, LAST] = [0x41, 0x50] as const;

/**
 * A table of front-coded words: a capital letter says how many letters a word shares with the one before it, A none.
 * @param coded capital letters, each with small ones behind it
 */
export function createWordTable(coded: string): WordTable {
  const [letters, starts]: [number[], number[]] = [[], []];
  for (let index = 0; index < coded.length; index++) decode(coded.charCodeAt(index), letters, starts);
  closeWord(letters, starts);
  const table = {
    slots: new Int32Array(2 ** Math.ceil(Math.log2(SLOTS_PER_WORD * starts.length))),
    letters: Uint8Array.from(letters),
  };
  for (const start of starts) putWord(table, start);
  return table;
}

/** Takes the next letter of the code: a small one goes to the word that stands last, a capital one begins the next. */
function decode(code: number, letters: number[], starts: number[]): void {
  if (code < FIRST || code > LAST) {
    letters.push(code);
    return;
  }
  closeWord(letters, starts);
  const shared = (starts.at(-1) ?? 0) + 1;
  starts.push(letters.length);
  letters.push(0);
  for (let index = 0; index < code - FIRST; index++) letters.push(letters[shared + index] as number);
}

/** Writes the length of the word that stands last. */
function closeWord(letters: number[], starts: readonly number[]): void {
  const start = starts.at(-1);
  if (start !== undefined) letters[start] = letters.length - start - 1;
}

function putWord({ slots, letters }: WordTable, start: number): void {
  let hash = 0;
  for (let index = 1; index <= (letters[start] as number); index++)
    hash = addUnit(hash, letters[start + index] as number);
  let slot = placeOf(slots, hash);
  while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
  slots[slot] = start + 1;
}

/** Whether what stands from `start` to `end` is one of the words, with `ending` behind it. */
export function hasWord(
  { slots, letters }: WordTable,
  text: string,
  start: number,
  end: number,
  ending: string,
): boolean {
  let slot = slotOf(slots, text, start, end, ending);
  for (let at = slots[slot] as number; at !== 0; at = slots[slot] as number) {
    if (isWordAt(letters, at - 1, text, start, end, ending)) return true;
    slot = (slot + 1) & (slots.length - 1);
  }
  return false;
}

function slotOf(slots: Int32Array, text: string, start: number, end: number, ending: string): number {
  let hash = 0;
  for (let index = start; index < end; index++) hash = addUnit(hash, text.charCodeAt(index));
  for (let index = 0; index < ending.length; index++) hash = addUnit(hash, ending.charCodeAt(index));
  return placeOf(slots, hash);
}

function placeOf(slots: Int32Array, hash: number): number {
  return (Math.imul(hash, 0x9e3779b1) >>> 15) & (slots.length - 1);
}

function isWordAt(letters: Uint8Array, at: number, text: string, start: number, end: number, ending: string): boolean {
  const length = end - start;
  if (letters[at] !== length + ending.length) return false;
  for (let index = 0; index < length; index++)
    if (letters[at + 1 + index] !== text.charCodeAt(start + index)) return false;
  for (let index = 0; index < ending.length; index++)
    if (letters[at + 1 + length + index] !== ending.charCodeAt(index)) return false;
  return true;
}
