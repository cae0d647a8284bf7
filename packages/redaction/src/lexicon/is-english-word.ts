import { decodeWords } from './decode-words.ts';
import { ENGLISH_WORDS } from './english-words.ts';

let words: Set<string> | undefined;

/** The list itself, unpacked at the first question. */
export function readEnglishWords(): ReadonlySet<string> {
  return (words ??= decodeWords(ENGLISH_WORDS));
}

// By last letter: endings, and what may stand in their place in the list.
const ENDINGS: Readonly<Record<string, readonly (readonly [string, readonly string[]])[]>> = {
  s: [
    ['ies', ['y']],
    ['es', ['e', '']],
    ['s', ['']],
    ['ers', ['e', '']],
    ['ness', ['']],
  ],
  d: [
    ['ied', ['y']],
    ['ed', ['e', '']],
  ],
  g: [['ing', ['e', '']]],
  y: [['ly', ['', 'le']]],
  r: [['er', ['e', '']]],
  t: [['est', ['e', '']]],
};
const DEEPEST = 2;
const SHORTEST_STEM = 3;

/** Whether a word that is not on the list itself may be an inflection of one that is. */
export function mayBeInflected(word: string): boolean {
  return ENDINGS[word.charAt(word.length - 1)] !== undefined;
}

/** Whether a word in lower case is a common English one, in any inflection. */
export function isEnglishWord(word: string, depth = 0): boolean {
  if (readEnglishWords().has(word)) return true;
  const endings = depth < DEEPEST ? ENDINGS[word.charAt(word.length - 1)] : undefined;
  return (
    endings !== undefined && endings.some(([ending, replacements]) => isInflected(word, ending, replacements, depth))
  );
}

function isInflected(word: string, ending: string, replacements: readonly string[], depth: number): boolean {
  if (!word.endsWith(ending)) return false;
  const stem = word.slice(0, -ending.length);
  const isWord = (one: string): boolean => one.length >= SHORTEST_STEM && isEnglishWord(one, depth + 1);
  // "stopped" and "bigger" double the last letter.
  const isDoubled = ending !== 's' && stem.at(-1) === stem.at(-2);
  return replacements.some((replacement) => isWord(stem + replacement)) || (isDoubled && isWord(stem.slice(0, -1)));
}
