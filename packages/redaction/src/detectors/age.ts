import type { Finding, FoldedDetector } from '../detector.ts';
import { findAll } from './find-all.ts';

const AGES: readonly RegExp[] = [
  /(?<![\w.])(\d{1,3})(?:[- ](?:years?|yrs?)[- ]olds?|[- ]?y\/?o\b|[- ]year[- ]olds?|[- ](?:months?|weeks?|days?)[- ]old| a\u00f1os)(?!\w)/gi,
  /\b(?:aged?(?: of)?:?|turn(?:ed|s|ing)?|age is|edad:) (?:just )?(\d{1,3})(?![\w%]|[.,/:-]\d|(?: (?:mg|ml|percent|pages?|times|degrees?|points?)\b))/gi,
  /\b(?:she|he|they|i)(?: (?:is|was|am|were)|'s|'m) (?:just |only |now )?(\d{1,3})(?=[.,;!?\n]|$)/gi,
  /\bwhen (?:she|he|they|i) (?:was|were) (\d{1,3})(?![\w%]|[.,/:-]\d)/gi,
];
const OLDEST = 130;

/** Ages of people in years beside a word that says so. */
export const ageDetector: FoldedDetector = {
  id: 'age',
  view: 'folded',
  detect: (text) => AGES.flatMap((pattern) => findAll(text, pattern, toFinding)),
};

function toFinding(match: RegExpExecArray): Finding | undefined {
  const digits = match[1] ?? '';
  if (Number(digits) > OLDEST) return undefined;
  const start = match.index + match[0].indexOf(digits);
  return { type: 'AGE', start, end: start + digits.length, score: 0.8, verified: false };
}
