import type { CapitalRun, CapitalWord } from './capital-runs.ts';
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

/** A run that may have to do with another. */
interface Place {
  readonly start: number;
  readonly end: number;
  /** What stands there, unless it is a name for certain. */
  readonly run: CapitalRun | undefined;
  /** Whether something was found there. */
  isFound: boolean;
  /** Whether it is a name, and more than a guess. */
  named: boolean;
}

/** For one text. */
export function createRelations(): Relations {
  const places: Place[] = [];
  const names: Verdict[] = [];
  return {
    note(run, verdicts) {
      const isFound = verdicts.length > 0;
      if (!isFound && !mayBelong(run)) return;
      for (const verdict of verdicts) if (verdict.type === 'PERSON' && verdict.words.length > 1) names.push(verdict);
      const named = verdicts.some(isTrusted);
      places.push({
        start: run.words[0]?.start ?? 0,
        end: run.words.at(-1)?.end ?? 0,
        run: named ? undefined : run,
        isFound,
        named,
      });
    },
    find: (text) =>
      places.some(({ run, isFound }) => run !== undefined && !isFound) ? follow(text, places, names) : [],
  };
}

function follow(text: string, places: readonly Place[], names: readonly Verdict[]): Verdict[] {
  const parts = partsOf(names);
  const found: Verdict[] = [];
  const visit = (place: Place, neighbour: Place | undefined): void => {
    if (place.run === undefined || place.isFound) return;
    if (!place.named && !(neighbour?.named === true && isListed(text, place, neighbour))) return;
    place.named = true;
    place.isFound = true;
    found.push({ type: 'PERSON', words: place.run.words, score: GUESS });
  };
  for (const place of places) place.named ||= place.run !== undefined && isPart(place.run, parts);
  // Forwards, then back, so that a list is followed from any of its names.
  for (let index = 0; index < places.length; index++) visit(places[index] as Place, places[index - 1]);
  for (let index = places.length - 1; index >= 0; index--) visit(places[index] as Place, places[index + 1]);
  return found;
}

function partsOf(names: readonly Verdict[]): ReadonlySet<string> {
  const parts = new Set<string>();
  for (const { words } of names)
    for (const { spelling } of words) if (spelling.text.length > 2) parts.add(spelling.key);
  return parts;
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
function isListed(text: string, { run, start, end }: Place, neighbour: Place): boolean {
  if (run === undefined || run.words.length > MOST_LISTED_WORDS || !isNameLike(run.words[0])) return false;
  const [from, to] = start < neighbour.start ? [end, neighbour.start] : [neighbour.end, start];
  return to - from <= 6 && /^(?:,? and |, | & )$/.test(text.slice(from, to));
}

/** A person that is more than a guess. */
function isTrusted({ type, score }: Verdict): boolean {
  return type === 'PERSON' && score > GUESS;
}
