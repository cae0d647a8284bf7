import type { CapitalRun, CapitalWord, Spelling } from './capital-runs.ts';
import type { Verdict } from './classify-run.ts';
import { NAME_ENDS } from './cues.ts';

/** Finds names by other names of the same text. */
export interface Relations {
  /** Takes the runs of a text in order, with what is known about them. */
  note(run: CapitalRun, verdicts: readonly Verdict[]): void;
  /** Runs that nothing around them explains: a word of a name found elsewhere in the text, or a neighbour in a list of names. */
  find(text: string): Verdict[];
}

/** The score of a guess by a little word, or by another name. */
const GUESS = 0.5;
const MOST_LISTED_WORDS = 3;
const LAST_PARTS = 4;

/** Runs that may have to do with others, in order, as lists of numbers: a long text has many, and most of them explain themselves. */
interface Places {
  readonly starts: number[];
  readonly ends: number[];
  /** What stands there, unless it is a name for certain. */
  readonly runs: (CapitalRun | undefined)[];
  /** {@link FOUND} and {@link NAMED}. */
  readonly states: number[];
}

/** Something was found there; it is a name, and more than a guess. */
const [FOUND, NAMED] = [0x1, 0x2] as const;

/** For one text. */
export function createRelations(): Relations {
  const places: Places = { starts: [], ends: [], runs: [], states: [] };
  const parts: Spelling[] = [];
  let isOpen = false;
  return {
    note(run, verdicts) {
      const isFound = verdicts.length > 0;
      if (!isFound && !mayBelong(run)) return;
      for (const { type, words } of verdicts)
        if (type === 'PERSON' && words.length > 1) for (const { spelling } of words) addPart(parts, spelling);
      const isNamed = verdicts.some(isTrusted);
      places.starts.push(run.words[0]?.start ?? 0);
      places.ends.push(run.words.at(-1)?.end ?? 0);
      places.runs.push(isNamed ? undefined : run);
      places.states.push((isFound ? FOUND : 0) | (isNamed ? NAMED : 0));
      isOpen ||= !isFound;
    },
    find: (text) => (isOpen ? follow(text, places, keysOf(parts)) : []),
  };
}

function follow(text: string, places: Places, keys: ReadonlySet<string>): Verdict[] {
  const { runs, states } = places;
  const found: Verdict[] = [];
  const isNamed = (place: number): boolean => ((states[place] ?? 0) & NAMED) !== 0;
  const visit = (place: number, neighbour: number): void => {
    const run = runs[place];
    if (run === undefined || ((states[place] as number) & FOUND) !== 0) return;
    if (!isNamed(place) && !(isNamed(neighbour) && isListed(text, run, places, place, neighbour))) return;
    states[place] = FOUND | NAMED;
    found.push({ type: 'PERSON', words: run.words, score: GUESS });
  };
  for (const [place, run] of runs.entries())
    if (run !== undefined && isPart(run, keys)) states[place] = (states[place] as number) | NAMED;
  // Forwards, then back, so that a list is followed from any of its names.
  for (let place = 0; place < runs.length; place++) visit(place, place - 1);
  for (let place = runs.length - 1; place >= 0; place--) visit(place, place + 1);
  return found;
}

/** Keeps a word of a name; one that has just been kept is the same object wherever a text repeats it. */
function addPart(parts: Spelling[], spelling: Spelling): void {
  for (let at = parts.length - 1; at >= parts.length - LAST_PARTS && at >= 0; at--) if (parts[at] === spelling) return;
  parts.push(spelling);
}

/** The words of names, but for initials. */
function keysOf(parts: readonly Spelling[]): ReadonlySet<string> {
  return new Set(parts.filter(({ text }) => text.length > 2).map(({ key }) => key));
}

function mayBelong(run: CapitalRun): boolean {
  return mayBePart(run) || (run.words.length <= MOST_LISTED_WORDS && isNameLike(run.words[0]));
}

function mayBePart({ words, opening }: CapitalRun): boolean {
  return words.length === 1 && !(opening && words[0]?.spelling.ordinary === true);
}

function isPart(run: CapitalRun, parts: ReadonlySet<string>): boolean {
  return mayBePart(run) && parts.has(run.words[0]?.spelling.key ?? '');
}

function isNameLike(word: CapitalWord | undefined): boolean {
  if (word === undefined || NAME_ENDS.has(word.spelling.key)) return false;
  const { given, ordinary, acronym } = word.spelling;
  return given || (!ordinary && !acronym);
}

/** Whether a place looks like a name and stands in a list with its neighbour. */
function isListed(text: string, run: CapitalRun, { starts, ends }: Places, place: number, neighbour: number): boolean {
  if (run.words.length > MOST_LISTED_WORDS || !isNameLike(run.words[0])) return false;
  const [from, to] = [ends[Math.min(place, neighbour)] as number, starts[Math.max(place, neighbour)] as number];
  return to - from <= 6 && /^(?:,? and |, | & )$/.test(text.slice(from, to));
}

/** A person that is more than a guess. */
function isTrusted({ type, score }: Verdict): boolean {
  return type === 'PERSON' && score > GUESS;
}
