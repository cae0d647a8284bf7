import { TITLE_BEFORE } from './cues.ts';
import { isAcronym, isCommon } from './known-words.ts';

/** A word with a capital letter. */
export interface CapitalWord {
  readonly text: string;
  readonly key: string;
  readonly start: number;
  readonly end: number;
  /** Whether the word says nothing about a person. */
  readonly ordinary: boolean;
  /** Whether it is in capitals altogether. */
  readonly acronym: boolean;
}

/** Capital words that stand together, with nothing but spaces, initials and particles between them. */
export interface CapitalRun {
  readonly words: readonly CapitalWord[];
  /** Whether a sentence or a line begins with the run. */
  readonly opening: boolean;
}

// Parts of identifiers, paths, calls and assignments are no words of a sentence: "Uint8Array", "foo.Bar", "Charge(", "Type=".
const CAPITAL =
  /(?=\p{Lu})(?<![\p{L}\p{N}\p{M}_@#/$`\\<])(?<!\p{Ll}\.(?<!\b(?:[MD]r|Mrs|Ms|Dra|Prof|Sra?|St)\.))(?!I(?:'(?:m|d|ve|ll|s))?(?!\p{L}))\p{Lu}[\p{L}\p{M}'-]{0,40}(?![\p{L}\p{M}\p{N}_@/'(<[={`-]|\.\p{Ll})/gu;
const GAP =
  /^(?:\.? (?:(?:de la|de los|del|de|da|dos|do|van der|van den|van|von der|von|zu|der|den|la|le|el|bin|al|y|am|im|an der|ob der|pr\u00e8s|sur) )?|\. ?|(?: )?& )$/;
const LONGEST_GAP = 9;
const MOST_WORDS = 8;
const OPENING = /(?:^|[.!?:;>"\n\t\u201c]|\n[ \t]{0,8}[-*>?]{1,3})[ "'(\u201c]{0,3}$/;

type Spelling = Pick<CapitalWord, 'text' | 'key' | 'ordinary' | 'acronym'>;

/** The runs of a text in order. A dot ends a run unless it belongs to an initial; a word with a colon behind it is a label. */
export function findCapitalRuns(text: string): CapitalRun[] {
  const runs: CapitalWord[][] = [];
  const spellings = new Map<string, Spelling>();
  let run: CapitalWord[] = [];
  CAPITAL.lastIndex = 0;
  for (let match = CAPITAL.exec(text); match !== null; match = CAPITAL.exec(text)) {
    const spelling = spellings.get(match[0]) ?? readSpelling(match[0]);
    spellings.set(match[0], spelling);
    const word = { ...spelling, start: match.index, end: match.index + spelling.text.length };
    const last = run.at(-1);
    const isLabel = text[word.end] === ':';
    if (last === undefined || isLabel || run.length >= MOST_WORDS || !joins(text, last, word)) runs.push((run = []));
    run.push(word);
  }
  return runs.map((words) => ({ words, opening: opens(text, words[0]?.start ?? 0) }));
}

function readSpelling(written: string): Spelling {
  const text = written.replace(/(?:'s|['-])$/, '');
  const key = text.toLowerCase();
  return { text, key, ordinary: isCommon({ text, key }), acronym: isAcronym(text) };
}

function joins(text: string, last: CapitalWord, word: CapitalWord): boolean {
  if (word.start - last.end > LONGEST_GAP) return false;
  const gap = text.slice(last.end, word.start);
  return GAP.test(gap) && (!gap.startsWith('.') || last.text.length === 1);
}

function opens(text: string, start: number): boolean {
  if (start === 0) return true;
  const before = text.slice(Math.max(0, start - 16), start);
  return OPENING.test(before) && !TITLE_BEFORE.test(before);
}
