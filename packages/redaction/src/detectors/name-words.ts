/** A word of a text with its place. */
export interface Word {
  /** Lower case. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
  /** Whether the first letter is a capital one (or has no case). */
  readonly capital: boolean;
}

const LETTER = /[\p{L}\p{N}]/u;
const PART = /[\p{L}\p{N}\p{M}]/u;
const PLAIN = new Uint8Array(128);
for (let code = 0; code < 128; code++) if (LETTER.test(String.fromCharCode(code))) PLAIN[code] = 1;

/** Where the next word begins, at or behind `from`; -1 when there is none within `reach` code units. */
export function wordStart(text: string, from: number, reach: number = text.length): number {
  const last = Math.min(text.length - 1, from + reach);
  for (let index = from; index <= last; index += unitsAt(text, index)) if (isAt(text, index, LETTER)) return index;
  return -1;
}

/** Where the word that begins at `start` ends: apostrophes, dashes and dots are not parts of it. */
export function wordEnd(text: string, start: number): number {
  let index = start;
  while (index < text.length && isAt(text, index, PART)) index += unitsAt(text, index);
  return index;
}

/** A word by its borders. */
export function readWord(text: string, start: number, end: number): Word {
  const written = text.slice(start, end);
  return { key: written.toLowerCase(), start, end, capital: !/^\p{Ll}/u.test(written) };
}

/** The words of a text; a possessive's `s` is a word of its own. */
export function splitWords(text: string): Word[] {
  const words: Word[] = [];
  for (let start = wordStart(text, 0); start >= 0;) {
    const end = wordEnd(text, start);
    words.push(readWord(text, start, end));
    start = wordStart(text, end);
  }
  return words;
}

function isAt(text: string, index: number, kind: RegExp): boolean {
  const code = text.charCodeAt(index);
  return code < 128 ? PLAIN[code] === 1 : kind.test(String.fromCodePoint(text.codePointAt(index) ?? 0));
}

function unitsAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= 0xd800 && code < 0xdc00 && (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}

/** Names that are English words as well: alone they count as names only behind a title. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  (
    'april art august autumn bell best bill black bond book brook brown bush carpenter case chance chase church clay cook cross dawn day dean drew ' +
    'faith field fields fish forest fox frank gold good grace grant gray green hall hand hill hope house hunt iris ivy jack jade joy june king lake ' +
    'lamb lane law lily little long love major mark marsh may miles mills moon moss nurse olive page parish park pat pearl penny pool poor pope price ' +
    'rain rice rich ring rivers rob robin rose ruby sharp short silver snow stone strong sue summer swift victor violet ward waters way weeks wells ' +
    'west white will wise wood woods young banks berry bird blood brain chambers cage cash close daily early english field foot french german gray head heart ' +
    'hook knight low martin noble north power pride rose rush savage self skinner small south spring stark steel stern sugar temple tree wall warm winter'
  ).split(' '),
);

/** Words that announce a person. */
export const TITLES: ReadonlySet<string> = new Set(
  'mr mrs ms miss mx dr prof professor sister brother father mother madam sir herr frau patient nurse'.split(' '),
);
