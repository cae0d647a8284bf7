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
  /** Six digits with at most three other characters between two of them. */
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
  /** Two colons, or one between hexadecimal digits. */
  colons: 0x2000,
  /** Hexadecimal digits at both sides of a colon, dash or dot, twice. */
  hexPairs: 0x4000,
  /** An opening square bracket or an underscore. */
  bracket: 0x8000,
  /** A capital letter, or any letter outside ASCII. */
  capital: 0x10000,
  /** A mark that passwords have. */
  mark: 0x20000,
  /** A line break between other characters. */
  lines: 0x40000,
} as const;

const [LOWER, UPPER, DIGIT, JOINT, OTHER] = [0, 1, 2, 3, 4] as const;
const KINDS = new Uint8Array(128).fill(OTHER);
const HEX = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[a-z]/.test(character)) KINDS[code] = LOWER;
  else if (/[A-Z]/.test(character)) KINDS[code] = UPPER;
  else if (/\d/.test(character)) KINDS[code] = DIGIT;
  else if (/[_/+-]/.test(character)) KINDS[code] = JOINT;
  if (/[\da-f]/i.test(character)) HEX[code] = 1;
}

/** Reads a folded text once. */
export function shapeOf(text: string): number {
  let shape = 0;
  let [lastDigit, lastUpper, wordStart, denseStart] = [-9, -1, 0, 0];
  let [block, near1, near2, near3, pairs] = [0, 0, 0, 0, 0];
  for (let index = 0; index <= text.length; index++) {
    const code = index < text.length ? text.charCodeAt(index) : 0x20;
    const kind = code < 128 ? (KINDS[code] ?? OTHER) : OTHER;
    if (kind === LOWER) continue;
    if (kind === UPPER) {
      lastUpper = index;
      continue;
    }
    if (kind === DIGIT) {
      const gap = index - lastDigit - 1;
      if (gap > 0 && block > 0 && block <= 3) shape |= SHAPE.shortNumber;
      block = gap === 0 ? block + 1 : 1;
      near1 = gap <= 1 ? near1 + 1 : 1;
      near2 = gap <= 2 ? near2 + 1 : 1;
      near3 = gap <= 3 ? near3 + 1 : 1;
      if (near3 >= 6)
        shape |= SHAPE.sixDigits | (near1 >= 7 ? SHAPE.sevenDigits : 0) | (near2 >= 9 ? SHAPE.nineDigits : 0);
      if (block === 2 && index - wordStart === 3) shape |= SHAPE.lettersThenDigits;
      lastDigit = index;
      continue;
    }
    shape |= shapeOfWord(index - wordStart, lastDigit >= wordStart, lastDigit === index - 1 ? block : 0);
    wordStart = index + 1;
    if (kind !== JOINT) {
      if (index - denseStart >= 16 && (lastDigit >= denseStart || lastUpper > denseStart)) shape |= SHAPE.dense;
      denseStart = index + 1;
    }
    if (code >= 128) shape |= SHAPE.capital;
    else if (code !== 0x20) {
      shape |= shapeOfMark(text, index, code);
      if (pairs < 2 && isHexPair(text, index, code) && ++pairs === 2) shape |= SHAPE.hexPairs;
    }
  }
  if (block > 0 && block <= 3) shape |= SHAPE.shortNumber;
  return shape | (lastDigit >= 0 ? SHAPE.digit : 0) | (lastUpper >= 0 ? SHAPE.capital : 0);
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
    case 0x5b: // [
    case 0x5f: // _
      return SHAPE.bracket;
    case 0x3a: // :
      if (text.startsWith('//', index + 1)) return SHAPE.link;
      return text.charCodeAt(index + 1) === 0x3a || isHexPair(text, index, code) ? SHAPE.colons : 0;
    case 0x2e: // .
      if (isDigit(text, index - 1) && isDigit(text, index + 1)) return SHAPE.dotted | SHAPE.dated;
      return (text.charCodeAt(index - 1) | 0x20) === 0x77 && /^www$/i.test(text.slice(index - 3, index))
        ? SHAPE.link
        : 0;
    case 0x2d: // -
    case 0x2f: // /
      return isDigit(text, index - 1) && isDigit(text, index + 1) ? SHAPE.dated : 0;
    default: // ! # $ % & *, ^
      return (code >= 0x21 && code <= 0x2a) || code === 0x5e ? SHAPE.mark : 0;
  }
}

function isHexPair(text: string, index: number, code: number): boolean {
  return (code === 0x3a || code === 0x2d || code === 0x2e) && isHex(text, index - 1) && isHex(text, index + 1);
}

function isHex(text: string, index: number): boolean {
  return HEX[text.charCodeAt(index)] === 1;
}

function isDigit(text: string, index: number): boolean {
  return KINDS[text.charCodeAt(index)] === DIGIT;
}
