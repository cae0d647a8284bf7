import { type Memory, takeNumbers } from './memory.ts';

/** Texts as UTF-16 code units, one behind the other, in an array that can be overwritten; strings cannot. Lossless, lone surrogates included. */
export interface Units {
  readonly memory: Memory;
  codes: Uint16Array;
  /** Code units in use. */
  length: number;
}

const FIRST_CODES = 256;
const EMPTY = new Uint16Array(0);
/** Arguments that one call surely takes. */
const PIECE = 8192;

/** No texts yet, and no memory for them. */
export function createUnits(memory: Memory): Units {
  return { memory, codes: EMPTY, length: 0 };
}

/** Appends a text. */
export function addText(units: Units, text: string): void {
  const end = units.length + text.length;
  if (end > units.codes.length) {
    const kept = units.codes;
    // Two code units take the place of one number.
    const { buffer, byteOffset, length } = takeNumbers(units.memory, Math.max(FIRST_CODES / 2, end));
    units.codes = new Uint16Array(buffer, byteOffset, 2 * length);
    units.codes.set(kept);
    kept.fill(0);
  }
  for (let index = 0; index < text.length; index++) units.codes[units.length + index] = text.charCodeAt(index);
  units.length = end;
}

/** Whether exactly `text` lies from `start` to `end`. */
export function holdsText({ codes }: Units, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let index = 0; index < text.length; index++) if (codes[start + index] !== text.charCodeAt(index)) return false;
  return true;
}

/** The text from `start` to `end`. */
export function readText({ codes }: Units, start: number, end: number): string {
  let text = '';
  for (let from = start; from < end; from += PIECE) {
    // An array that is filled one by one is spread in half the time that a view takes.
    const piece: number[] = [];
    const last = Math.min(end, from + PIECE);
    for (let index = from; index < last; index++) piece.push(codes[index] as number);
    text += String.fromCharCode(...piece);
  }
  return text;
}

/** Takes code units over; the array is theirs from now on. */
export function loadUnits(units: Units, codes: Uint16Array): void {
  units.codes = codes;
  units.length = codes.length;
}

/** Overwrites and forgets all texts. */
export function eraseUnits(units: Units): void {
  units.codes.fill(0);
  units.codes = EMPTY;
  units.length = 0;
}
