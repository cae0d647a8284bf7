import { GIVEN_NAMES } from './given-names.ts';
import { createWordList, isListed } from './word-list.ts';
import { WORLD_NAMES } from './world-names.ts';

// Common words that are given names more often than not when they carry a capital letter.
const ALSO_WORDS =
  'mark frank grace bill jack rose mary john james peter paul david bob tom jim joe sam ben dan tim nick mike steve rob will ' +
  'amy ann anna jane jean kate sue carol alice robin max alex chris pat ray roy lee adam eve hope faith joy dawn victor lily ' +
  'martin henry george charles thomas william robert richard harry michael daniel andrew maria sarah laura emma julia';

const NAMES = createWordList(GIVEN_NAMES, [...ALSO_WORDS.split(' '), ...WORLD_NAMES]);

/** Whether a word in lower case is a given name. */
export function isGivenName(word: string): boolean {
  return isListed(NAMES, word, 0, word.length);
}
