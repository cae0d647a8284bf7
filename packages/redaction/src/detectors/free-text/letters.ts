/** What a code unit is, as bits: a letter outside the Basic Multilingual Plane counts as none. */
export const KIND = { upper: 0x1, lower: 0x2, letter: 0x4, mark: 0x8, number: 0x10 } as const;

const KNOWN = 0x20;

const KINDS = new Uint8Array(0x10000);
const TESTS: readonly (readonly [number, RegExp])[] = [
  [KIND.upper, /\p{Lu}/u],
  [KIND.lower, /\p{Ll}/u],
  [KIND.letter, /\p{L}/u],
  [KIND.mark, /\p{M}/u],
  [KIND.number, /\p{N}/u],
];

/** The kind of the code unit at an index; 0 outside the text. Each code unit is judged once. */
export function kindAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= 0 ? KINDS[code] || judge(code) : 0;
}

function judge(code: number): number {
  let kind: number = KNOWN;
  for (const [bit, test] of TESTS) if (test.test(String.fromCharCode(code))) kind |= bit;
  KINDS[code] = kind;
  return kind;
}

/** Where the word that ends at `end` begins: letters, with apostrophes between them. */
export function wordStart(text: string, end: number): number {
  let start = end;
  while (isLetter(text, start - 1) || (text.charCodeAt(start - 1) === 0x27 && start < end && isLetter(text, start - 2)))
    start--;
  return start;
}

/** Where the letters that begin at `start` end. */
export function lettersEnd(text: string, start: number): number {
  let end = start;
  while (isLetter(text, end)) end++;
  return end;
}

/** Whether a letter stands at an index. */
export function isLetter(text: string, index: number): boolean {
  return (kindAt(text, index) & KIND.letter) !== 0;
}

/** Whether a capital letter stands at an index. */
export function isUpper(text: string, index: number): boolean {
  return (kindAt(text, index) & KIND.upper) !== 0;
}
