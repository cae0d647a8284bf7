import { TITLE_BEFORE } from './cues.ts';

/** A word with a capital letter. */
export interface CapitalWord {
  readonly text: string;
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/** Capital words that stand together, with nothing but spaces, initials and particles between them. */
export interface CapitalRun {
  readonly words: readonly CapitalWord[];
  /** Whether a sentence or a line begins with the run. */
  readonly opening: boolean;
}

const CAPITAL =
  /(?<![\p{L}\p{N}\p{M}_@#/])(?!I(?:'(?:m|d|ve|ll|s))?(?!\p{L}))\p{Lu}[\p{L}\p{M}'-]{0,40}(?![\p{N}_@/])/gu;
const GAP =
  /^(?:\.? (?:(?:de la|de los|del|de|da|dos|do|van der|van den|van|von der|von|zu|der|den|la|le|el|bin|al|y) )?|\. ?|(?: )?& )$/;
const LONGEST_GAP = 9;
const MOST_WORDS = 8;
const OPENING = /(?:^|[.!?:;>"\n\t\u201c]|\n[ \t]{0,8}[-*>?]{1,3})[ "'(\u201c]{0,3}$/;

/** The runs of a text in order. A dot ends a run unless it belongs to an initial. */
export function findCapitalRuns(text: string): CapitalRun[] {
  const runs: CapitalWord[][] = [];
  let run: CapitalWord[] = [];
  for (const match of text.matchAll(CAPITAL)) {
    const written = match[0].replace(/(?:'s|['-])$/, '');
    const word = { text: written, key: written.toLowerCase(), start: match.index, end: match.index + written.length };
    const last = run.at(-1);
    if (last === undefined || run.length >= MOST_WORDS || !joins(text, last, word)) runs.push((run = []));
    run.push(word);
  }
  return runs.map((words) => ({ words, opening: opens(text, words[0]?.start ?? 0) }));
}

function joins(text: string, last: CapitalWord, word: CapitalWord): boolean {
  if (word.start - last.end > LONGEST_GAP) return false;
  const gap = text.slice(last.end, word.start);
  return GAP.test(gap) && (!gap.startsWith('.') || last.text.length === 1);
}

function opens(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 16), start);
  return start === 0 || (OPENING.test(before) && !TITLE_BEFORE.test(before));
}
