/** A word of a text with its place. */
export interface Word {
  /** Lower case. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
  /** Whether the first letter is a capital one (or has no case). */
  readonly capital: boolean;
}

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** The words of a text; apostrophes, dashes and dots end a word, so a possessive's `s` is a word of its own. */
export function splitWords(text: string): Word[] {
  return [...text.matchAll(WORD)].map((match) => ({
    key: match[0].toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
    capital: !/^\p{Ll}/u.test(match[0]),
  }));
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
