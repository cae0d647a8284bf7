import { addUnit } from './word-filter.ts';

/** Words of the letters a to z in arrays: a stretch of a text is looked up without making a string of it, and none is kept. */
export interface WordTable {
  /** By the hash of a word where it begins in `letters`, plus one; zero where there is none. */
  readonly slots: Int32Array;
  /** Each word's length and letters. */
  readonly letters: Uint8Array;
}

const SLOTS_PER_WORD = 2;

/** A table of some words. */
export function createWordTable(words: Iterable<string>): WordTable {
  const list = [...words];
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(SLOTS_PER_WORD * list.length)));
  const letters = new Uint8Array(list.reduce((size, { length }) => size + 1 + length, 0));
  let size = 0;
  for (const word of list) {
    let slot = slotOf(slots, word, 0, word.length, '');
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = size + 1;
    letters[size++] = word.length;
    for (let index = 0; index < word.length; index++) letters[size++] = word.charCodeAt(index);
  }
  return { slots, letters };
}

/** Whether what stands from `start` to `end` is one of the words, with `ending` behind it. */
export function hasWord({ slots, letters }: WordTable, text: string, start: number, end: number, ending = ''): boolean {
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
