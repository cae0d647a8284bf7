/**
 * What a block of digits is like, as bits of one number: how long it is, and the character behind it. Most kinds of numbers begin
 * with few of these blocks, so that the others cost them no look.
 */
export const BLOCK = {
  one: 0x1,
  two: 0x2,
  three: 0x4,
  four: 0x8,
  five: 0x10,
  /** Six to eight digits. */
  six: 0x20,
  nine: 0x40,
  /** Ten digits or more. */
  ten: 0x80,
  dot: 0x100,
  dash: 0x200,
  slash: 0x400,
  space: 0x800,
  bracket: 0x1000,
  letter: 0x2000,
  other: 0x4000,
} as const;

/** Blocks of up to three digits. */
export const SHORT_BLOCK: number = BLOCK.one | BLOCK.two | BLOCK.three;

/** Blocks of six digits or more. */
export const LONG_BLOCK: number = BLOCK.six | BLOCK.nine | BLOCK.ten;

const { six } = BLOCK;
const LENGTHS = [0, BLOCK.one, BLOCK.two, BLOCK.three, BLOCK.four, BLOCK.five, six, six, six, BLOCK.nine];
const BEHIND = new Uint16Array(128).fill(BLOCK.other);
for (let code = 0; code < BEHIND.length; code++)
  if (/[A-Za-z]/.test(String.fromCharCode(code))) BEHIND[code] = BLOCK.letter;
for (const [marks, bit] of [
  ['.', BLOCK.dot],
  ['-', BLOCK.dash],
  ['/', BLOCK.slash],
  [' ', BLOCK.space],
  ['()', BLOCK.bracket],
] as const)
  for (const mark of marks) BEHIND[mark.charCodeAt(0)] = bit;

/** The bits of the digits from `start` to `end`. */
export function describeBlock(text: string, start: number, end: number): number {
  const code = text.charCodeAt(end);
  return (LENGTHS[end - start] ?? BLOCK.ten) | (code < BEHIND.length ? (BEHIND[code] as number) : BLOCK.other);
}

/** With which blocks a kind of number may begin. */
export interface NumberStart {
  /** Digits of a number, with at most five other characters between two of them. */
  readonly fewest: number;
  /** Blocks that may be a whole number, whatever stands behind them: all unless given. */
  readonly whole?: number;
  /** Blocks that may be the first part of a number. */
  readonly begun?: number;
  /** What stands behind such a part. */
  readonly behind?: number;
}
