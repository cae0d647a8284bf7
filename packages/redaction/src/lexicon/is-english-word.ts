import { ENGLISH_WORDS } from './english-words.ts';
import { createWordList, isListed } from './word-list.ts';

const WORDS = createWordList(ENGLISH_WORDS);

/** What may stand in the place of an ending in the list. */
interface Ending {
  readonly written: string;
  readonly listed: readonly string[];
}

const ending = (written: string, ...listed: string[]): Ending => ({ written, listed });

/** Endings by their last letter. */
const ENDINGS: Readonly<Record<string, readonly Ending[]>> = {
  s: [ending('ies', 'y'), ending('es', 'e', ''), ending('s', ''), ending('ers', 'e', ''), ending('ness', '')],
  d: [ending('ied', 'y'), ending('ed', 'e', '')],
  g: [ending('ing', 'e', '')],
  y: [ending('ly', '', 'le')],
  r: [ending('er', 'e', '')],
  t: [ending('est', 'e', '')],
};
const DEEPEST = 2;
const SHORTEST_STEM = 3;

/** Whether what stands from `start` to `end` is a common English word in lower case, in any inflection. */
export function isEnglishWord(text: string, start: number = 0, end: number = text.length): boolean {
  return isKnown(text, start, end, '', 0);
}

function isKnown(text: string, start: number, end: number, added: string, depth: number): boolean {
  if (isListed(WORDS, text, start, end, added)) return true;
  if (depth >= DEEPEST) return false;
  if (added === '') return isInflection(text, start, end, depth);
  // Of what is added, only a y may end an ending.
  return added === 'y' && isInflection(`${text.slice(start, end)}y`, 0, end - start + 1, depth);
}

function isInflection(text: string, start: number, end: number, depth: number): boolean {
  const endings = ENDINGS[text.charAt(end - 1)];
  if (endings === undefined) return false;
  for (const { written, listed } of endings) {
    const stem = end - written.length;
    if (stem < start || !text.startsWith(written, stem)) continue;
    const isStem = (to: number, added: string): boolean =>
      to - start + added.length >= SHORTEST_STEM && isKnown(text, start, to, added, depth + 1);
    for (const added of listed) if (isStem(stem, added)) return true;
    // "stopped" and "bigger" double the last letter.
    if (written !== 's' && text.charCodeAt(stem - 1) === text.charCodeAt(stem - 2) && isStem(stem - 1, '')) return true;
  }
  return false;
}
