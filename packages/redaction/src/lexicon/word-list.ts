import { createWordTable, hasWord, type WordTable } from './word-table.ts';

/** Words by initial letter; those of a letter are unpacked at the first question for one. */
export interface WordList {
  /** Front-coded words of each letter. */
  readonly coded: readonly string[];
  readonly tables: (WordTable | undefined)[];
}

const FIRST_LETTER = 0x61;

/**
 * A list of words.
 * @param lines front-coded words from a to z, a line for each letter
 * @param others words that the lines lack
 */
export function createWordList(lines: readonly string[], others: readonly string[] = []): WordList {
  const coded = [...lines];
  for (const word of others) coded[initialOf(word, 0)] += `A${word}`;
  return { coded, tables: [] };
}

/** Whether what stands from `start` to `end` is on the list, with `ending` behind it. */
export function isListed({ coded, tables }: WordList, text: string, start: number, end: number, ending = ''): boolean {
  const initial = initialOf(text, start);
  const words = coded[initial];
  if (words === undefined) return false;
  const table = (tables[initial] ??= createWordTable(words));
  return hasWord(table, text, start, end, ending);
}

function initialOf(text: string, start: number): number {
  return text.charCodeAt(start) - FIRST_LETTER;
}
