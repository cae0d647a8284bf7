import { MOST_PLACE_WORDS, PLACE_BEGINNINGS, PLACES } from '../../lexicon/places.ts';
import type { DetectionType } from '../../types.ts';
import type { CapitalRun, CapitalWord } from './capital-runs.ts';
import {
  ARTICLE_BEFORE,
  EMPLOYER_AFTER,
  EMPLOYER_BEFORE,
  EPONYM_AFTER,
  INSTITUTION_BEGINNINGS,
  LABEL_BEFORE,
  NAME_BEFORE,
  NAME_ENDS,
  ORGANIZATION_ENDINGS,
  PERSON_AFTER,
  PERSON_BEFORE,
  PLACE_BEFORE,
  RELATIVE_BEFORE,
  OWNS,
  THING_AFTER,
  TITLE_BEFORE,
} from './cues.ts';
import { isGiven } from './known-words.ts';
import type { Register } from './register.ts';

/** What a run of capital words most likely is. */
export interface Verdict {
  readonly type: DetectionType;
  readonly words: readonly CapitalWord[];
  readonly score: number;
}

const GROUPS: ReadonlySet<string> = new Set(
  'orchestra office club team band department school church choir project'.split(' '),
);
const BEFORE = 48;
const AFTER = 48;
const LONGEST_TITLE = 16;
const MOST_NAME_WORDS = 4;
const MOST_LABELLED_WORDS = 5;
const SHORTEST_NAME = 3;
const TITLES =
  /^(?:mrs?|ms|miss|mx|drs?|dra|prof|sra?|herr|frau|pt|sig|signora?|ing|mgr|rev|sir|judge|officer|detective|nurse|captain|sergeant|senator|dear|hi|hello|hey)$/;

/** The verdicts on one run, by what stands before and behind it and by its words. */
export function classifyRun(text: string, run: CapitalRun, register: Register): Verdict[] {
  if (run.words.length === 1 && TITLES.test(run.words[0]?.key ?? '')) return [];
  const titled = splitAtTitle(run);
  if (titled !== undefined) return [...classifyRun(text, titled, register)];
  const place = findPlace(run.words);
  if (place !== undefined) return classifyAround(text, run, place, register);
  return one(classify(text, run.words, run.opening, register));
}

function one(verdict: Verdict | undefined): Verdict[] {
  return verdict === undefined ? [] : [verdict];
}

/** "Hi Ann", "Dr Roe": the words behind the title alone. */
function splitAtTitle(run: CapitalRun): CapitalRun | undefined {
  const first = run.words[0];
  if (run.words.length < 2 || first === undefined || !TITLES.test(first.key)) return undefined;
  return { words: run.words.slice(1), opening: false };
}

function classifyAround(
  text: string,
  run: CapitalRun,
  [from, to]: readonly [number, number],
  register: Register,
): Verdict[] {
  const last = run.words.at(-1);
  // "Boston University", "Paris Hilton": the place is a part of something else.
  if (to < run.words.length || (from > 0 && last !== undefined && ORGANIZATION_ENDINGS.has(last.key)))
    return one(classify(text, run.words, run.opening, register)) ?? [];
  const rest = from === 0 ? [] : one(classify(text, run.words.slice(0, from), run.opening, register));
  return [...rest, { type: 'LOCATION', words: run.words.slice(from, to), score: 0.7 }];
}

/** First and last word of the longest known place that ends the run or fills it. */
function findPlace(words: readonly CapitalWord[]): readonly [number, number] | undefined {
  for (let from = 0; from < words.length; from++) {
    if (!PLACE_BEGINNINGS.has(words[from]?.key ?? '')) continue;
    for (let to = Math.min(words.length, from + MOST_PLACE_WORDS); to > from; to--) {
      const name = words.slice(from, to).map(({ key }) => key);
      if (PLACES.has(name.join(' '))) return [from, to];
    }
  }
  return undefined;
}

/** A run and what stands around it. */
interface Candidate {
  readonly words: readonly CapitalWord[];
  readonly first: CapitalWord;
  readonly before: string;
  readonly after: string;
  /** Whether a sentence begins with it. */
  readonly opening: boolean;
  /** Words that English does not know. */
  readonly strange: number;
  readonly register: Register;
}

function classify(
  text: string,
  all: readonly CapitalWord[],
  opening: boolean,
  register: Register,
): Verdict | undefined {
  const whole = candidateOf(text, register.english ? all : untilEnd(all), opening, register);
  const verdict = whole === undefined ? undefined : announced(whole);
  const first = whole?.first;
  // The first word of a sentence has a capital letter anyway.
  const isOpener = opening && first !== undefined && first.ordinary && !isGiven(first);
  if (verdict !== undefined || whole === undefined) return verdict;
  const candidate = isOpener ? candidateOf(text, whole.words.slice(1), false, register) : whole;
  if (candidate === undefined) return undefined;
  return (
    (isOpener ? announced(candidate) : undefined) ??
    (register.english ? guessed(candidate) : undefined) ??
    byGivenName(candidate)
  );
}

function candidateOf(
  text: string,
  words: readonly CapitalWord[],
  opening: boolean,
  register: Register,
): Candidate | undefined {
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const before = text.slice(Math.max(0, first.start - BEFORE), first.start);
  const after = text.slice(last.end, last.end + AFTER);
  const strange = words.filter((word) => isStrange(word, register)).length;
  return { words, first, before, after, opening, strange, register };
}

function isStrange({ text, ordinary, acronym }: CapitalWord, { shouting }: Register): boolean {
  return text.length > 1 && !ordinary && (!acronym || shouting);
}

/** What a last word, a title or a label says outright. */
function announced({ words, before, after, strange, register }: Candidate): Verdict | undefined {
  const named = nameOfGroup(words, register);
  if (named !== undefined) return { type: 'ORGANIZATION', words: named, score: 0.5 };
  const last = words.at(-1)?.key ?? '';
  const institution = !register.english && INSTITUTION_BEGINNINGS.has(words[0]?.key ?? '');
  if (words.length > 1 && (institution || ORGANIZATION_ENDINGS.has(last)))
    return { type: 'ORGANIZATION', words, score: 0.7 };
  if (TITLE_BEFORE.test(before.slice(-LONGEST_TITLE)))
    return { type: 'PERSON', words: words.slice(0, MOST_NAME_WORDS), score: 0.9 };
  const [labelled, greeted] = [LABEL_BEFORE.test(before), NAME_BEFORE.test(before) || RELATIVE_BEFORE.test(before)];
  const line = words.length > 1 && !register.technical && fillsLine(before, after);
  if (!labelled && !greeted && !line) return undefined;
  const known = (register.english && strange > 0) || words.some(isGiven);
  const isName = words.length <= MOST_LABELLED_WORDS && (known || (labelled && words.length === 2));
  return isName ? { type: 'PERSON', words, score: 0.85 } : undefined;
}

/** What unknown words most likely are in an English text. */
function guessed(candidate: Candidate): Verdict | undefined {
  const { words, first, before, after, strange, register } = candidate;
  if (strange === 0) return undefined;
  if (EMPLOYER_BEFORE.test(before) || EMPLOYER_AFTER.test(after)) return { type: 'ORGANIZATION', words, score: 0.6 };
  if (register.technical) return undefined;
  if (isThing(candidate)) return undefined;
  if (PLACE_BEFORE.test(before) && !isGiven(first)) return { type: 'LOCATION', words, score: 0.55 };
  const initials = words.filter(({ text }) => text.length === 1).length;
  if (words.length > MOST_NAME_WORDS) return undefined;
  if (words.length === 1) return loneWord(candidate);
  return strange + initials === words.length || PERSON_BEFORE.test(before)
    ? { type: 'PERSON', words, score: 0.6 }
    : undefined;
}

/** Whether what stands around a run makes it a thing or a method instead of somebody. */
function isThing({ before, after }: Candidate): boolean {
  return (
    ARTICLE_BEFORE.test(before) || EPONYM_AFTER.test(after) || (THING_AFTER.test(after) && !PERSON_AFTER.test(after))
  );
}

function loneWord({ words, first, before, after }: Candidate): Verdict | undefined {
  if (first.text.length < SHORTEST_NAME || after.startsWith(':')) return undefined;
  const isPerson =
    fillsLine(before, after) || PERSON_BEFORE.test(before) || PERSON_AFTER.test(after) || OWNS.test(after);
  return isPerson ? { type: 'PERSON', words, score: 0.6 } : undefined;
}

/** "The Exversion Orchestra": the part that tells a group from others of its kind. */
function nameOfGroup(words: readonly CapitalWord[], register: Register): readonly CapitalWord[] | undefined {
  if (!GROUPS.has(words.at(-1)?.key ?? '')) return undefined;
  const last = words.findLastIndex((word) => isStrange(word, register));
  return last < 0 ? undefined : words.slice(0, last + 1);
}

/** Whether nothing else stands on the line: a signature or an address block. */
function fillsLine(before: string, after: string): boolean {
  const [opens, ends] = [/(?:^|\n)[ \t>?|]{0,8}$/.test(before), /^,?[ \t]{0,3}(?:\n|$)/.test(after)];
  // A text of one line says nothing by its lines.
  return opens && ends && (before.includes('\n') || after.includes('\n'));
}

/** A given name, alone or with a surname. */
function byGivenName(candidate: Candidate): Verdict | undefined {
  const { words, first, before, after, opening, register } = candidate;
  const second = words[1];
  if (words.length > MOST_NAME_WORDS || !isGiven(first) || (first.acronym && !register.shouting)) return undefined;
  if (second !== undefined) {
    const both = !first.ordinary || !second.ordinary || isGiven(second);
    return both && !ARTICLE_BEFORE.test(before) && !EPONYM_AFTER.test(after)
      ? { type: 'PERSON', words, score: 0.7 }
      : undefined;
  }
  if (first.ordinary || register.technical || isThing(candidate)) return undefined;
  if (!register.english && opening) return undefined;
  return { type: 'PERSON', words, score: 0.5 };
}

/** "Luis Roca Hospital General": where the kind of an institution stands first, it ends the name before it. */
function untilEnd(words: readonly CapitalWord[]): readonly CapitalWord[] {
  const at = words.findIndex(({ key }, index) => index > 0 && NAME_ENDS.has(key));
  return at < 0 ? words : words.slice(0, at);
}
