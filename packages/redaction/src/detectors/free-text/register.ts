import { isEnglishWord } from '../../lexicon/is-english-word.ts';

/** How a text is written, as far as it changes what a capital letter means. */
export interface Register {
  /** It reads as English, so that a word outside the English list means something. */
  readonly english: boolean;
  /** It is code, a log or a manual: unknown words are names of things. */
  readonly technical: boolean;
  /** It is in capitals, so that they tell nothing. */
  readonly shouting: boolean;
}

const SAMPLE = 4096;
const MOST_SAMPLED = 120;
const WORD = /(?<![\p{L}\p{N}])\p{L}{2,}(?![\p{L}\p{N}])/gu;
// What prose has not: braces, back ticks, calls, assignments, joined words, paths, options.
const CODE =
  /[`{}\\]|=>|::|&&|\w\(|\)\.|\w_\w|\p{Ll}\p{Lu}|\p{Ll}\.\p{Ll}|\/\w+\/\w|(?:^|\s)--?\w|\p{Ll}\d|\w=["'\w]|<\/?\p{L}|^\s{0,8}(?:#|\/\/|\*)/gmu;
const CODE_PER_WORD = 0.12;
const LEAST_ENGLISH = 0.7;
// Fewer lower-case words say nothing about the language.
const FEWEST_WORDS = 5;

/** Reads the beginning of a text. */
export function readRegister(text: string): Register {
  const sample = text.slice(0, SAMPLE);
  let [lower, known, capitals, all] = [0, 0, 0, 0];
  for (const [word] of sample.matchAll(WORD)) {
    all++;
    if (word === word.toUpperCase()) capitals++;
    else if (word === word.toLowerCase() && lower < MOST_SAMPLED) {
      lower++;
      if (isEnglishWord(word)) known++;
    }
  }
  const code = sample.match(CODE)?.length ?? 0;
  return {
    english: lower < FEWEST_WORDS || known / lower > LEAST_ENGLISH,
    technical: code >= 4 && code > all * CODE_PER_WORD,
    shouting: capitals > all / 2,
  };
}
