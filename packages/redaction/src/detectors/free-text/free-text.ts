import type { Finding, FoldedDetector } from '../../detector.ts';
import { type CapitalRun, type CapitalWord, findCapitalRuns } from './capital-runs.ts';
import { classifyRun, type Verdict } from './classify-run.ts';
import { NAME_ENDS } from './cues.ts';
import { isGiven } from './known-words.ts';
import { readRegister } from './register.ts';

interface Judged {
  readonly run: CapitalRun;
  readonly verdicts: readonly Verdict[];
}

const GUESS = 0.5;
const CAPITAL = /\p{Lu}\p{L}/u;

/**
 * People, places and organisations without a model: capital words, judged by titles, labels, what stands around them, lists
 * of given names and places, and whether English knows the word at all. A guess, and scored as one.
 */
export const freeTextDetector: FoldedDetector = {
  id: 'free-text',
  view: 'folded',
  detect(text) {
    if (!CAPITAL.test(text)) return [];
    const register = readRegister(text);
    const judged = findCapitalRuns(text).map((run) => ({ run, verdicts: classifyRun(text, run, register) }));
    return [...judged.flatMap(({ verdicts }) => verdicts), ...findRelated(text, judged)].map(toFinding);
  },
};

function toFinding({ type, words, score }: Verdict): Finding {
  return { type, start: words[0]?.start ?? 0, end: words.at(-1)?.end ?? 0, score, verified: false };
}

/** Runs that nothing around them explains: a word of a name found elsewhere in the text, or a neighbour in a list of names. */
function findRelated(text: string, judged: readonly Judged[]): Verdict[] {
  const parts = new Set(judged.flatMap(({ verdicts }) => verdicts.filter(isLongName).flatMap(keysOf)));
  const named = judged.map(({ run, verdicts }) => verdicts.some(isTrusted) || isPart(run, parts));
  const listed = (index: number, step: number): boolean =>
    named[index + step] === true &&
    isListGap(text, judged[Math.min(index, index + step)], judged[Math.max(index, index + step)]);
  const found = new Map<CapitalRun, Verdict>();
  // Forwards, then back, so that a list is followed from any of its names.
  for (const [first, last, step] of [
    [0, judged.length, 1],
    [judged.length - 1, -1, -1],
  ] as const) {
    for (let index = first; index !== last; index += step) {
      const { run, verdicts } = judged[index] as Judged;
      if (verdicts.length > 0) continue;
      const related = isPart(run, parts) || (run.words.length <= 3 && isNameLike(run.words[0]) && listed(index, -step));
      if (!related || found.has(run)) continue;
      named[index] = true;
      found.set(run, { type: 'PERSON', words: run.words, score: 0.5 });
    }
  }
  return [...found.values()];
}

function isPart(run: CapitalRun, parts: ReadonlySet<string>): boolean {
  return run.words.length === 1 && run.words.every((word) => parts.has(word.key) && !(run.opening && word.ordinary));
}

function isNameLike(word: CapitalWord | undefined): boolean {
  if (word === undefined || NAME_ENDS.has(word.key)) return false;
  return isGiven(word) || (!word.ordinary && !word.acronym);
}

function isPerson({ type }: Verdict): boolean {
  return type === 'PERSON';
}

/** A person that is more than a guess from a little word before it. */
function isTrusted(verdict: Verdict): boolean {
  return isPerson(verdict) && verdict.score > GUESS;
}

function isLongName(verdict: Verdict): boolean {
  return isPerson(verdict) && verdict.words.length > 1;
}

function keysOf({ words }: Verdict): string[] {
  return words.filter(({ text }) => text.length > 2).map(({ key }) => key);
}

function isListGap(text: string, left: Judged | undefined, right: Judged | undefined): boolean {
  const [end, start] = [left?.run.words.at(-1)?.end ?? 0, right?.run.words[0]?.start ?? 0];
  return start - end <= 6 && /^(?:,? and |, | & )$/.test(text.slice(end, start));
}
