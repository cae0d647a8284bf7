import { describeBlock } from './number-block.ts';
import { addLetter, groupsOf } from './trigger-words.ts';

/**
 * What a text has, as bits of one number: each is a necessary condition of some detectors, so that a text without it costs
 * them nothing.
 */
export const SHAPE = {
  /** A digit. */
  digit: 0x1,
  /** A block of one to three digits. */
  shortNumber: 0x2,
  /** Two digits with a dot, a dash or a slash between them. */
  dated: 0x4,
  /** Two digits with a dot between them. */
  dotted: 0x8,
  /** Six digits with at most five other characters between two of them. */
  sixDigits: 0x10,
  /** Seven digits with at most one other character between two of them. */
  sevenDigits: 0x20,
  /** Nine digits with at most two other characters between two of them. */
  nineDigits: 0x40,
  /** A word that begins with two letters and two digits. */
  lettersThenDigits: 0x80,
  /** A word of nine characters that ends with seven digits. */
  registration: 0x100,
  /** A word of seventeen characters with a digit. */
  chassis: 0x200,
  /** Sixteen letters, digits and joining marks in a row, with a digit or a capital letter among them. */
  dense: 0x400,
  /** The sign `@`. */
  at: 0x800,
  /** `://` or `www.`. */
  link: 0x1000,
  /** Two colons in a row, or six between hexadecimal digits with at most four of them between two. */
  colons: 0x2000,
  /** Five colons or dashes between pairs of hexadecimal digits, or two dots between groups of four. */
  hexPairs: 0x4000,
  /** A capital letter right behind a digit. */
  digitThenCapital: 0x8000,
  /** A capital letter, or any letter outside ASCII. */
  capital: 0x10000,
  /** A mark that passwords have. */
  mark: 0x20000,
  /** Six capital letters in a row. */
  capitals: 0x80000,
  /** A line break between other characters. */
  lines: 0x40000,
} as const;

const [UPPER, DIGIT, JOINT, OTHER] = [0, 1, 2, 3] as const;
const SPACE = 0x20;
const KINDS = new Uint8Array(128).fill(OTHER);
const HEX = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[A-Z]/.test(character)) KINDS[code] = UPPER;
  else if (/\d/.test(character)) KINDS[code] = DIGIT;
  else if (/[_/+-]/.test(character)) KINDS[code] = JOINT;
  if (/[\da-f]/i.test(character)) HEX[code] = 1;
}

/** What one pass over a folded text gives to all detectors. */
export interface TextScan {
  /** Bits of {@link SHAPE}. */
  readonly shape: number;
  /** Groups of {@link TRIGGER_WORDS} that may have a word here. */
  readonly words: number;
  /** Where the blocks of digits begin. */
  readonly starts: readonly number[];
  /** Digits from each block on, with at most five other characters between two of them. */
  readonly reach: readonly number[];
  /** Bits of `BLOCK` of each block. */
  readonly blocks: readonly number[];
}

const FURTHEST = 5;

// Most texts are short; a longer one gets an array of its own. Wiped after each use.
const scratch = new Uint16Array(4096);

/**
 * The code units of a text with a space behind them. The engine asks at each read of a string what kind of string it is, once a
 * function is as long as {@link scanText}.
 */
function copyCodes(text: string): Uint16Array {
  const codes = text.length < scratch.length ? scratch : new Uint16Array(text.length + 1);
  for (let index = 0; index < text.length; index++) codes[index] = text.charCodeAt(index);
  codes[text.length] = SPACE;
  return codes;
}

/** Reads a folded text once. */
export function scanText(text: string): TextScan {
  const codes = copyCodes(text);
  const end = text.length;
  const starts: number[] = [];
  const ends: number[] = [];
  let shape = 0;
  let words = 0;
  let hash = 0;
  let lastDigit = -9;
  let lastUpper = -9;
  let upper = 0;
  let wordStart = 0;
  let denseStart = 0;
  let block = 0;
  let near1 = 0;
  let near2 = 0;
  const joints: HexJoints = { last: -9, inPairs: 0, inFours: 0, colons: 0, lastColon: -9 };
  for (let index = 0; index <= end; index++) {
    let code = codes[index] as number;
    // Most characters are small letters.
    while (code >= 0x61 && code <= 0x7a) {
      hash = addLetter(hash, code);
      code = codes[++index] as number;
    }
    const kind = code < 128 ? (KINDS[code] as number) : OTHER;
    if (kind === UPPER) {
      hash = addLetter(hash, code);
      if (lastDigit === index - 1) shape |= SHAPE.digitThenCapital;
      upper = lastUpper === index - 1 ? upper + 1 : 1;
      if (upper === 6) shape |= SHAPE.capitals;
      lastUpper = index;
      continue;
    }
    if (hash !== 0) {
      words |= groupsOf(hash);
      hash = 0;
    }
    if (kind === DIGIT) {
      const gap = index - lastDigit - 1;
      if (gap === 0) block++;
      else {
        if (lastDigit >= 0) ends.push(lastDigit + 1);
        block = 1;
        starts.push(index);
      }
      near1 = gap <= 1 ? near1 + 1 : 1;
      near2 = gap <= 2 ? near2 + 1 : 1;
      if (near1 === 7) shape |= SHAPE.sevenDigits;
      if (near2 === 9) shape |= SHAPE.nineDigits;
      if (block === 2 && index - wordStart === 3) shape |= SHAPE.lettersThenDigits;
      lastDigit = index;
      continue;
    }
    const length = index - wordStart;
    if (length === 9 || length === 17)
      shape |= shapeOfWord(length, lastDigit >= wordStart, lastDigit === index - 1 ? block : 0);
    wordStart = index + 1;
    if (kind === JOINT) {
      if (code !== 0x2b && isDigit(text, index - 1) && isDigit(text, index + 1)) shape |= SHAPE.dated;
    } else {
      if (index - denseStart >= 16 && (lastDigit >= denseStart || lastUpper > denseStart)) shape |= SHAPE.dense;
      denseStart = index + 1;
      if (code >= 128) shape |= SHAPE.capital;
      else if (code !== 0x20) shape |= shapeOfMark(text, index, code);
    }
    if ((code === 0x3a || code === 0x2d || code === 0x2e) && isHex(text, index - 1) && isHex(text, index + 1))
      shape |= countJoint(joints, index, code);
  }
  codes.fill(0, 0, end);
  if (lastDigit >= 0) ends.push(lastDigit + 1);
  if (lastUpper >= 0) shape |= SHAPE.capital;
  return measureBlocks(text, shape, words, starts, ends);
}

/** What each block is like, and how far the digits from it on reach. */
function measureBlocks(
  text: string,
  shape: number,
  words: number,
  starts: readonly number[],
  ends: readonly number[],
): TextScan {
  const [reach, blocks]: [number[], number[]] = [[...starts], [...starts]];
  let total = 0;
  let next = Number.POSITIVE_INFINITY;
  let found = starts.length > 0 ? SHAPE.digit : 0;
  for (let at = starts.length - 1; at >= 0; at--) {
    const [start, end] = [starts[at] as number, ends[at] as number];
    total = end - start + (next - end <= FURTHEST ? total : 0);
    next = start;
    reach[at] = total;
    blocks[at] = describeBlock(text, start, end);
    if (end - start <= 3) found |= SHAPE.shortNumber;
    if (total >= 6) found |= SHAPE.sixDigits;
  }
  return { shape: shape | found, words, starts, reach, blocks };
}

function shapeOfWord(length: number, hasDigit: boolean, lastBlock: number): number {
  if (length === 9 && lastBlock >= 7) return SHAPE.registration;
  return length === 17 && hasDigit ? SHAPE.chassis : 0;
}

function shapeOfMark(text: string, index: number, code: number): number {
  switch (code) {
    case 0x40: // @
      return SHAPE.at | SHAPE.mark;
    case 0x0a:
      return index > 0 && index < text.length - 1 ? SHAPE.lines : 0;
    case 0x3a: // :
      if (text.startsWith('//', index + 1)) return SHAPE.link;
      return text.charCodeAt(index + 1) === 0x3a ? SHAPE.colons : 0;
    case 0x2e: // .
      if (isDigit(text, index - 1) && isDigit(text, index + 1)) return SHAPE.dotted | SHAPE.dated;
      return (text.charCodeAt(index - 1) | 0x20) === 0x77 && /^www$/i.test(text.slice(index - 3, index))
        ? SHAPE.link
        : 0;
    default: // ! # $ % & *, ^
      return (code >= 0x21 && code <= 0x2a) || code === 0x5e ? SHAPE.mark : 0;
  }
}

/** The marks between hexadecimal digits so far: where the last one stands, and how many go before it at equal steps. */
interface HexJoints {
  last: number;
  inPairs: number;
  inFours: number;
  colons: number;
  lastColon: number;
}

const [PAIR_STEP, FOUR_STEP] = [3, 5] as const;

function countJoint(joints: HexJoints, index: number, code: number): number {
  const step = index - joints.last;
  joints.last = index;
  joints.inPairs = step === PAIR_STEP ? joints.inPairs + 1 : 1;
  joints.inFours = step === FOUR_STEP ? joints.inFours + 1 : 1;
  let found = joints.inPairs >= 5 || joints.inFours >= 2 ? SHAPE.hexPairs : 0;
  if (code === 0x3a) {
    joints.colons = index - joints.lastColon <= FOUR_STEP ? joints.colons + 1 : 1;
    joints.lastColon = index;
    if (joints.colons >= 6) found |= SHAPE.colons;
  }
  return found;
}

function isHex(text: string, index: number): boolean {
  return HEX[text.charCodeAt(index)] === 1;
}

function isDigit(text: string, index: number): boolean {
  return KINDS[text.charCodeAt(index)] === DIGIT;
}
