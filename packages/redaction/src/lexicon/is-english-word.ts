import { decodeWords } from './decode-words.ts';
import { ENGLISH_WORDS } from './english-words.ts';

let words: Set<string> | undefined;

const ENDINGS: readonly (readonly [string, readonly string[]])[] = [
  ['ies', ['y']],
  ['ied', ['y']],
  ['es', ['e', '']],
  ['s', ['']],
  ['ed', ['e', '']],
  ['ing', ['e', '']],
  ['ly', ['', 'le']],
  ['er', ['e', '']],
  ['ers', ['e', '']],
  ['est', ['e', '']],
  ['ness', ['']],
];
const DEEPEST = 2;
const SHORTEST_STEM = 3;

/** Whether a word in lower case is a common English one, in any inflection. The list is unpacked at the first question. */
export function isEnglishWord(word: string, depth = 0): boolean {
  words ??= decodeWords(ENGLISH_WORDS);
  if (words.has(word)) return true;
  return depth < DEEPEST && stems(word).some((stem) => isEnglishWord(stem, depth + 1));
}

function stems(word: string): string[] {
  return ENDINGS.filter(([ending]) => word.endsWith(ending)).flatMap(([ending, replacements]) => {
    const stem = word.slice(0, -ending.length);
    const found = replacements.map((replacement) => stem + replacement);
    if (ending !== 's' && stem.at(-1) === stem.at(-2)) found.push(stem.slice(0, -1));
    return found.filter(({ length }) => length >= SHORTEST_STEM);
  });
}
