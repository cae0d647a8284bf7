import { MOST_PLACE_WORDS, PLACE_BEGINNINGS, PLACES } from '../../lexicon/places.ts';
import type { DetectionType } from '../../types.ts';
import type { CapitalRun, CapitalWord } from './capital-runs.ts';
import {
  EMPLOYER_AFTER,
  EMPLOYER_BEFORE,
  NAME_BEFORE,
  ORGANIZATION_ENDINGS,
  PERSON_AFTER,
  PERSON_BEFORE,
  PLACE_BEFORE,
  TITLE_BEFORE,
} from './cues.ts';
import { isGiven } from './known-words.ts';

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
const TITLES = /^(?:mrs?|ms|miss|mx|drs?|dra|prof|sra?|herr|frau|dear|hi|hello|hey)$/;

/** The verdicts on one run, by what stands before and behind it and by its words. */
export function classifyRun(text: string, run: CapitalRun, english: boolean): Verdict[] {
  if (run.words.length === 1 && TITLES.test(run.words[0]?.key ?? '')) return [];
  const titled = splitAtTitle(run);
  if (titled !== undefined) return [...classifyRun(text, titled, english)];
  const place = findPlace(run.words);
  if (place !== undefined) return classifyAround(text, run, place, english);
  return one(classify(text, run.words, run.opening, english));
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
  english: boolean,
): Verdict[] {
  const last = run.words.at(-1);
  // "Boston University", "Paris Hilton": the place is a part of something else.
  if (to < run.words.length || (from > 0 && last !== undefined && ORGANIZATION_ENDINGS.has(last.key)))
    return one(classify(text, run.words, run.opening, english)) ?? [];
  const rest = from === 0 ? [] : one(classify(text, run.words.slice(0, from), run.opening, english));
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

function classify(text: string, all: readonly CapitalWord[], opening: boolean, english: boolean): Verdict | undefined {
  const [words, stripped] = withoutOpening(all, opening);
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const before = text.slice(Math.max(0, first.start - BEFORE), first.start);
  const after = text.slice(last.end, last.end + AFTER);
  const named = nameOfGroup(words);
  if (named !== undefined) return { type: 'ORGANIZATION', words: named, score: 0.5 };
  const strange = words.filter((word) => !word.ordinary).length;
  const initials = words.filter(({ text: written }) => written.length === 1).length;
  if (words.length > 1 && ORGANIZATION_ENDINGS.has(last.key)) return { type: 'ORGANIZATION', words, score: 0.7 };
  if (TITLE_BEFORE.test(before.slice(-LONGEST_TITLE)) && !stripped)
    return { type: 'PERSON', words: words.slice(0, 4), score: 0.9 };
  if (NAME_BEFORE.test(before) && isNameLike(words, strange)) return { type: 'PERSON', words, score: 0.85 };
  if (!english || strange === 0) return byGivenName(words);
  if (EMPLOYER_BEFORE.test(before) || EMPLOYER_AFTER.test(after)) return { type: 'ORGANIZATION', words, score: 0.6 };
  if (PLACE_BEFORE.test(before) && !isGiven(first)) return { type: 'LOCATION', words, score: 0.55 };
  if (strange + initials === words.length && words.length <= 4) {
    const alone = strange === 1 && words.length === 1;
    if (!alone || fillsLine(before, after) || PERSON_BEFORE.test(before) || PERSON_AFTER.test(after))
      return { type: 'PERSON', words, score: 0.6 };
  }
  return byGivenName(words);
}

function isNameLike(words: readonly CapitalWord[], strange: number): boolean {
  return words.length <= 5 && (strange > 0 || words.length === 2 || words.some(isGiven));
}

/** "The Exversion Orchestra": the part that tells a group from others of its kind. */
function nameOfGroup(words: readonly CapitalWord[]): readonly CapitalWord[] | undefined {
  if (!GROUPS.has(words.at(-1)?.key ?? '')) return undefined;
  const own = words.slice(0, -1);
  return own.some((word) => !word.ordinary) ? own : undefined;
}

/** Whether nothing else stands on the line: a signature or an address block. */
function fillsLine(before: string, after: string): boolean {
  return /\n[ \t>?|]{0,8}$/.test(before) && /^,?[ \t]{0,3}(?:\n|$)/.test(after);
}

/** A given name, alone or with a surname. */
function byGivenName(words: readonly CapitalWord[]): Verdict | undefined {
  const first = words[0];
  if (first === undefined || words.length > 4 || !isGiven(first)) return undefined;
  if (words.length > 1) return { type: 'PERSON', words, score: 0.7 };
  return first.ordinary ? undefined : { type: 'PERSON', words, score: 0.5 };
}

/** The first word of a sentence has a capital letter anyway. */
function withoutOpening(words: readonly CapitalWord[], opening: boolean): readonly [readonly CapitalWord[], boolean] {
  let from = 0;
  while (opening && from < words.length) {
    const word = words[from];
    if (word === undefined || !word.ordinary || isGiven(word)) break;
    from++;
  }
  return [words.slice(from), from > 0];
}
