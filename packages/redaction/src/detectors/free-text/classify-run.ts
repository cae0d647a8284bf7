import { MOST_PLACE_WORDS, PLACES } from '../../lexicon/places.ts';
import type { DetectionType } from '../../types.ts';
import { type CapitalRun, type CapitalWord, wordEnd } from './capital-runs.ts';
import {
  AFTER,
  BEFORE,
  CARE_ENDINGS,
  CLOSINGS,
  cuesAfter,
  cuesBefore,
  INSTITUTION_BEGINNINGS,
  NAME_ENDS,
  ORGANIZATION_ENDINGS,
} from './cues.ts';
import { isDigit } from '../is-digit.ts';
import { isGiven } from './known-words.ts';
import { isUpper } from './letters.ts';
import type { Register } from './register.ts';
import { TITLES } from './titles.ts';

/** What a run of capital words most likely is. */
export interface Verdict {
  readonly type: DetectionType;
  readonly words: readonly CapitalWord[];
  readonly score: number;
}

const GROUPS: ReadonlySet<string> = new Set(
  'orchestra office club team band department school church choir project'.split(' '),
);
const MOST_NAME_WORDS = 4;
const MOST_LABELLED_WORDS = 5;
const SHORTEST_NAME = 3;
// Behind these a name stands, which they are no part of.
const OPENINGS: ReadonlySet<string> = new Set([
  ...TITLES,
  ...'ing dear hi hello hey fao attn sister brother matron aunt uncle'.split(' '),
]);
const SHORTEST_FAMILY_NAME = 4;
// The next field of a form that nobody filled in.
const FORM_WORDS: ReadonlySet<string> = new Set('last first middle maiden family given full date'.split(' '));
const TITLE_WORDS: ReadonlySet<string> = new Set(TITLES);
const [LINE_BREAK, SPACE, COMMA, COLON] = [0x0a, 0x20, 0x2c, 0x3a] as const;
// Space, tab, and the marks of quoted mail and of tables.
const IN_MARGIN: ReadonlySet<number> = new Set([0x20, 0x09, 0x3e, 0x3f, 0x7c]);
const NONE: readonly Verdict[] = [];

/** The verdicts on one run, by what stands before and behind it and by its words. */
export function classifyRun(text: string, run: CapitalRun, register: Register): readonly Verdict[] {
  const first = run.words[0]?.spelling.key ?? '';
  const isTitled = OPENINGS.has(first);
  if (run.words.length === 1 && (isTitled || CLOSINGS.has(first))) return NONE;
  // "Hi Ann", "Dr Roe": the words behind the title alone.
  if (isTitled) return classifyRun(text, partOf(run, 1), register);
  const title = findTitle(text, run.words);
  if (title > 0)
    return [...classifyRun(text, partOf(run, 0, title), register), ...classifyRun(text, partOf(run, title), register)];
  const place = findPlace(run.words);
  if (place !== undefined) return classifyAround(text, run, place, register);
  return one(classify(text, run.words, run.opening, register));
}

function partOf({ words, opening }: CapitalRun, from: number, to?: number): CapitalRun {
  return { words: words.slice(from, to), opening: opening && from === 0 };
}

/** "Research Nurse H. Roe": the place of a title with a name behind it; -1 when there is none. */
function findTitle(text: string, words: readonly CapitalWord[]): number {
  // "12 Oak Dr Springfield" is a drive.
  if (isDigit(text.charCodeAt((words[0]?.start ?? 0) - 2))) return -1;
  return words.findIndex(({ spelling }, index) => {
    const next = words[index + 1]?.spelling;
    return (
      next !== undefined && TITLE_WORDS.has(spelling.key) && (!next.ordinary || next.given || next.text.length === 1)
    );
  });
}

function one(verdict: Verdict | undefined): readonly Verdict[] {
  return verdict === undefined ? NONE : [verdict];
}

function classifyAround(
  text: string,
  run: CapitalRun,
  [from, to]: readonly [number, number],
  register: Register,
): readonly Verdict[] {
  const last = run.words.at(-1);
  // "Boston University", "Paris Hilton": the place is a part of something else.
  if (to < run.words.length || (from > 0 && last !== undefined && ORGANIZATION_ENDINGS.has(last.spelling.key)))
    return one(classify(text, run.words, run.opening, register));
  const rest = from === 0 ? NONE : one(classify(text, run.words.slice(0, from), run.opening, register));
  return [...rest, { type: 'LOCATION', words: run.words.slice(from, to), score: 0.7 }];
}

/** First and last word of the longest known place that ends the run or fills it. */
function findPlace(words: readonly CapitalWord[]): readonly [number, number] | undefined {
  for (let from = 0; from < words.length; from++) {
    if (words[from]?.spelling.beginsPlace !== true) continue;
    for (let to = Math.min(words.length, from + MOST_PLACE_WORDS); to > from; to--) {
      const name = words.slice(from, to).map(({ spelling }) => spelling.key);
      if (PLACES.has(name.join(' '))) return [from, to];
    }
  }
  return undefined;
}

/** A run and what stands around it. */
interface Candidate {
  readonly text: string;
  readonly words: readonly CapitalWord[];
  readonly first: CapitalWord;
  /** Bits of {@link BEFORE}. */
  readonly before: number;
  /** Behind its last word. */
  readonly end: number;
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
  const begun = untilEnd(all);
  const whole = candidateOf(text, begun === all || register.english() ? all : begun, opening, register);
  const verdict = whole === undefined ? undefined : announced(whole);
  const first = whole?.first;
  // The first word of a sentence has a capital letter anyway.
  const isOpener = opening && first !== undefined && first.spelling.ordinary && !first.spelling.given;
  if (verdict !== undefined || whole === undefined) return verdict;
  const candidate = isOpener ? candidateOf(text, whole.words.slice(1), false, register) : whole;
  if (candidate === undefined) return undefined;
  return (isOpener ? announced(candidate) : undefined) ?? guessed(candidate) ?? byGivenName(candidate);
}

function candidateOf(
  text: string,
  words: readonly CapitalWord[],
  opening: boolean,
  register: Register,
): Candidate | undefined {
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  let strange = 0;
  for (const word of words) if (isStrange(word, register)) strange++;
  return {
    text,
    words,
    first,
    end: last.end,
    before: cuesBefore(text, first.start),
    opening,
    strange,
    register,
  };
}

function isStrange({ spelling: { text, ordinary, acronym } }: CapitalWord, register: Register): boolean {
  return text.length > 1 && !ordinary && (!acronym || register.shouting());
}

/** What a last word, a title or a label says outright. */
function announced(candidate: Candidate): Verdict | undefined {
  const { text, words, first, end, before, strange, register } = candidate;
  const named = nameOfGroup(words, register);
  if (named !== undefined) return { type: 'ORGANIZATION', words: named, score: 0.5 };
  const last = words.at(-1)?.spelling.key ?? '';
  const isInstitution = (): boolean => INSTITUTION_BEGINNINGS.has(first.spelling.key) && !register.english();
  if (words.length > 1 && (ORGANIZATION_ENDINGS.has(last) || endsInCare(words) || isInstitution()))
    return { type: 'ORGANIZATION', words, score: 0.7 };
  const isField = (before & BEFORE.form) !== 0 && text.charCodeAt(end) !== COLON && !FORM_WORDS.has(first.spelling.key);
  if ((before & BEFORE.title) !== 0 || isField)
    return { type: 'PERSON', words: words.slice(0, MOST_NAME_WORDS), score: 0.9 };
  const labelled = (before & BEFORE.label) !== 0;
  if (isFamilyFirst(candidate, labelled)) return { type: 'PERSON', words, score: 0.85 };
  const signed = words.length > 1 && fillsLine(text, first.start, end) && !register.technical();
  const greeted = (before & BEFORE.greeting) !== 0;
  if (!labelled && !signed && !greeted && (before & BEFORE.relative) === 0) return undefined;
  const known = (strange > 0 && register.english()) || words.some(({ spelling }) => spelling.given);
  const isPair = words.length === 2 && (labelled || (before & BEFORE.family) !== 0 || (greeted && strange > 0));
  const isName = words.length <= MOST_LABELLED_WORDS && (known || isPair);
  return isName ? { type: 'PERSON', words, score: 0.85 } : undefined;
}

/** "Name: Smith, John", and "SMITH, John" where a line begins. */
function isFamilyFirst({ text, words, first, end, opening, strange }: Candidate, labelled: boolean): boolean {
  if (words.length > 1 || text.charCodeAt(end) !== COMMA || text.charCodeAt(end + 1) !== SPACE) return false;
  const { acronym, text: word } = first.spelling;
  if (!labelled && !(opening && (strange > 0 || (acronym && word.length >= SHORTEST_FAMILY_NAME)))) return false;
  const given = text.slice(end + 2, wordEnd(text, end + 2));
  return isUpper(text, end + 2) && isGiven({ key: given.toLowerCase() });
}

/** "Rose Villa Care Home" */
function endsInCare(words: readonly CapitalWord[]): boolean {
  if (words.length < 3) return false;
  return CARE_ENDINGS.has(`${words.at(-2)?.spelling.key ?? ''} ${words.at(-1)?.spelling.key ?? ''}`);
}

/** What unknown words most likely are in an English text. */
function guessed(candidate: Candidate): Verdict | undefined {
  const { text, words, first, end, before, strange, register } = candidate;
  const mayBeHome = (before & BEFORE.home) !== 0 && !first.spelling.given && (strange > 0 || words.length === 2);
  if ((strange === 0 && !mayBeHome) || !register.english()) return undefined;
  if (mayBeHome && !register.technical()) return { type: 'LOCATION', words, score: 0.6 };
  if (strange === 0) return undefined;
  const after = cuesAfter(text, end);
  if ((before & BEFORE.employer) !== 0 || (after & AFTER.employer) !== 0)
    return { type: 'ORGANIZATION', words, score: 0.6 };
  if (register.technical() || isThing(before, after)) return undefined;
  if ((before & BEFORE.place) !== 0 && !first.spelling.given) return { type: 'LOCATION', words, score: 0.55 };
  if (words.length > MOST_NAME_WORDS) return undefined;
  if (words.length === 1) return loneWord(candidate, after);
  const initials = words.filter(({ spelling }) => spelling.text.length === 1).length;
  return strange + initials === words.length || (before & BEFORE.person) !== 0
    ? { type: 'PERSON', words, score: 0.6 }
    : undefined;
}

/** Whether what stands around a run makes it a thing or a method instead of somebody. */
function isThing(before: number, after: number): boolean {
  if ((before & BEFORE.article) !== 0 || (after & AFTER.eponym) !== 0) return true;
  return (after & (AFTER.thing | AFTER.acts)) === AFTER.thing;
}

function loneWord({ text, words, first, end, before }: Candidate, after: number): Verdict | undefined {
  const isLabel = text.charCodeAt(end) === COLON;
  if (first.spelling.text.length < SHORTEST_NAME || isLabel) return undefined;
  const isPerson =
    (before & BEFORE.person) !== 0 || (after & (AFTER.acts | AFTER.owns)) !== 0 || fillsLine(text, first.start, end);
  return isPerson ? { type: 'PERSON', words, score: 0.6 } : undefined;
}

/** "The Exversion Orchestra": the part that tells a group from others of its kind. */
function nameOfGroup(words: readonly CapitalWord[], register: Register): readonly CapitalWord[] | undefined {
  if (!GROUPS.has(words.at(-1)?.spelling.key ?? '')) return undefined;
  const last = words.findLastIndex((word) => isStrange(word, register));
  return last < 0 ? undefined : words.slice(0, last + 1);
}

const DEEPEST_LINE = 8;

/** Whether a line holds nothing else, but for marks of quoted mail before it and a comma behind it. */
function fillsLine(text: string, start: number, end: number): boolean {
  let from = start;
  while (start - from < DEEPEST_LINE && IN_MARGIN.has(text.charCodeAt(from - 1))) from--;
  if (from > 0 && text.charCodeAt(from - 1) !== LINE_BREAK) return false;
  let to = end + (text[end] === ',' ? 1 : 0);
  while (to - end <= 3 && (text[to] === ' ' || text[to] === '\t')) to++;
  // A text of one line says nothing by its lines.
  return to === text.length ? from > 0 : text.charCodeAt(to) === LINE_BREAK;
}

/** A given name, alone or with a surname. */
function byGivenName(candidate: Candidate): Verdict | undefined {
  const { text, words, first, end, before, opening, register } = candidate;
  const second = words[1];
  if (words.length > MOST_NAME_WORDS || !first.spelling.given || (first.spelling.acronym && !register.shouting()))
    return undefined;
  const after = cuesAfter(text, end);
  if (second !== undefined) {
    const both =
      !first.spelling.ordinary ||
      !second.spelling.ordinary ||
      second.spelling.given ||
      (before & BEFORE.somebody) !== 0 ||
      (after & (AFTER.acts | AFTER.owns)) !== 0;
    return both && (before & BEFORE.article) === 0 && (after & AFTER.eponym) === 0
      ? { type: 'PERSON', words, score: 0.7 }
      : undefined;
  }
  if ((first.spelling.ordinary && (before & BEFORE.somebody) === 0) || register.technical() || isThing(before, after))
    return undefined;
  if (!register.english() && opening) return undefined;
  return { type: 'PERSON', words, score: 0.5 };
}

/** "Luis Roca Hospital General": where the kind of an institution stands first, it ends the name before it. */
function untilEnd(words: readonly CapitalWord[]): readonly CapitalWord[] {
  const at = words.findIndex(({ spelling }, index) => index > 0 && NAME_ENDS.has(spelling.key));
  return at < 0 ? words : words.slice(0, at);
}
