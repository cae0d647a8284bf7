import { decodeWords } from './decode-words.ts';
import { GIVEN_NAMES } from './given-names.ts';
import { createWordTable, hasWord, type WordTable } from './word-table.ts';

let names: WordTable | undefined;

// Common words that are given names more often than not when they carry a capital letter.
const ALSO_WORDS =
  'mark frank grace bill jack rose mary john james peter paul david bob tom jim joe sam ben dan tim nick mike steve rob will ' +
  'amy ann anna jane jean kate sue carol alice robin max alex chris pat ray roy lee adam eve hope faith joy dawn victor lily ' +
  'martin henry george charles thomas william robert richard harry michael daniel andrew maria sarah laura emma julia';

/** The list itself. */
export function readGivenNames(): ReadonlySet<string> {
  return new Set([...decodeWords(GIVEN_NAMES), ...ALSO_WORDS.split(' ')]);
}

/** Whether a word in lower case is a given name. */
export function isGivenName(word: string): boolean {
  names ??= createWordTable(readGivenNames());
  return hasWord(names, word, 0, word.length);
}
