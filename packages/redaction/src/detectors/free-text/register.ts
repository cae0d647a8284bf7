import { isEnglishWord } from '../../lexicon/is-english-word.ts';
import { KIND, kindAt } from './letters.ts';

/** How a text is written, as far as it changes what a capital letter means. */
export interface Register {
  /** It reads as English, so that a word outside the English list means something. */
  english(): boolean;
  /** It is code, a log or a manual: unknown words are names of things. */
  technical(): boolean;
  /** It is in capitals, so that they tell nothing. */
  shouting(): boolean;
}

const SAMPLE = 4096;
const MOST_SAMPLED = 120;
// What prose has not: braces, back ticks, calls, assignments, joined words, paths, options.
const CODE =
  /[`{}\\]|=>|::|&&|\w\(|\)\.|\w_\w|\p{Ll}\p{Lu}|\p{Ll}\.\p{Ll}|\/\w+\/\w|(?:^|\s)--?\w|\p{Ll}\d|\w=["'\w]|<\/?\p{L}|^\s{0,8}(?:#|\/\/|\*)/gmu;
const CODE_PER_WORD = 0.12;
const LEAST_ENGLISH = 0.7;
// Fewer lower-case words say nothing about the language.
const FEWEST_WORDS = 5;

/** Reads the beginning of a text when something of it is first asked: most short texts are judged without. */
export function createRegister(text: string): Register {
  let words: Words | undefined;
  let technical: boolean | undefined;
  const read = (): Words => (words ??= readWords(text.slice(0, SAMPLE)));
  return {
    english() {
      const { lower, known } = read();
      return lower < FEWEST_WORDS || known / lower > LEAST_ENGLISH;
    },
    technical() {
      return (technical ??= isTechnical(text.slice(0, SAMPLE), read().all));
    },
    shouting() {
      return read().capitals > read().all / 2;
    },
  };
}

/** How many words a text has: in capitals, in small letters as far as they are looked up, and of these the English ones. */
interface Words {
  all: number;
  capitals: number;
  lower: number;
  known: number;
}

/** Words of two letters or more, with no digit beside them. */
function readWords(text: string): Words {
  const words = { all: 0, capitals: 0, lower: 0, known: 0 };
  for (let start = 0; start < text.length;) {
    let [end, letters, others, kinds] = [start, 0, 0, 0];
    for (let kind = kindAt(text, end); (kind & IN_WORD) !== 0; kind = kindAt(text, ++end)) {
      kinds |= kind;
      if ((kind & KIND.letter) !== 0) letters++;
      else others++;
    }
    if (letters >= 2 && others === 0) count(words, text, start, end, kinds);
    start = end + 1;
  }
  return words;
}

const IN_WORD = KIND.letter | KIND.number;

function count(words: Words, text: string, start: number, end: number, kinds: number): void {
  words.all++;
  if ((kinds & KIND.lower) === 0) words.capitals++;
  else if ((kinds & KIND.upper) === 0 && words.lower < MOST_SAMPLED) {
    words.lower++;
    if (isEnglishWord(text, start, end)) words.known++;
  }
}

function isTechnical(text: string, words: number): boolean {
  const code = text.match(CODE)?.length ?? 0;
  return code >= 4 && code > words * CODE_PER_WORD;
}
