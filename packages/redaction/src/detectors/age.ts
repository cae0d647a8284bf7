import type { Finding, FoldedDetector } from '../detector.ts';
import { findAtNumbers, findingOf } from './find-all.ts';
import { BLOCK, type NumberStart, SHORT_BLOCK } from './number-block.ts';
import { scanText } from './scan-text.ts';

const SOMEBODY =
  'pacientes?|mujer|var\\u00f3n|hombre|ni\\u00f1[oa]|lactante|se\\u00f1ora?|femenin[oa]|masculin[oa]|joven|adolescente|reci\\u00e9n nacid[oa]|madre|padre|hij[oa]|' +
  'patiente?|femme|homme|fille|gar\\u00e7on|paziente|donna|uomo|bambin[oa]|mulher|homem|crian\\u00e7a';
/** The number stands before its word. */
const YEARS: readonly RegExp[] = [
  /(?<![\w.])\d{1,3}(?=(?:[- ](?:years?|yrs?)[- ]olds?|[- ]?y\/?o\b|[- ]year[- ]olds?|[- ](?:months?|weeks?|days?)[- ]old|[- ]?j\u00e4hrige[rnms]?| Jahre alt)(?!\w))/iy,
  /(?<![\w.,])\d{1,3}(?= (?:a\u00f1os|meses|semanas|d\u00edas|ans|mois|anni|mesi|anos) (?:de edad|d'\u00e2ge|di et\u00e0|de idade)(?!\p{L}))/iuy,
  // Somebody of that age, and not for so long or since then.
  new RegExp(
    `(?<!\\d)\\d{1,3}(?= (?:a\\u00f1os|meses|ans|anni|anos)(?! (?:de|di|d')\\s?(?!edad|sexo)| (?:antes|despu\\u00e9s|previ|atr\\u00e1s))(?!\\p{L}))(?<=(?<!\\p{L})(?:${SOMEBODY})(?!\\p{L})[^.;:\\d\\n]{0,32} (?:de|di) \\d{1,3})`,
    'iuy',
  ),
];
/** The number stands behind its word. */
const AGED: readonly RegExp[] = [
  /(?<=\b(?:aged?(?: of)?:?|turn(?:ed|s|ing)?|age is|edad:|edad de|\u00e2g\u00e9e? de|alter:|et\u00e0:|idade:?) (?:just )?)\d{1,3}(?![\w%]|[.,/:-]\d|(?: (?:mg|ml|percent|pages?|times|degrees?|points?)\b))/iy,
  /(?<=\b(?:she|he|they|i)(?: (?:is|was|am|were)|'s|'m) (?:just |only |now )?)\d{1,3}(?=[.,;!?\n]|$)/iy,
  /(?<=\bwhen (?:she|he|they|i) (?:was|were) )\d{1,3}(?![\w%]|[.,/:-]\d)/iy,
];
const OLDEST = 130;

/** Ages of people before a word that says so, in English, Spanish, French, German, Italian and Portuguese. */
export const yearsDetector: FoldedDetector = createAgeDetector('years', YEARS, {
  fewest: 1,
  whole: 0,
  begun: SHORT_BLOCK,
  behind: BLOCK.space | BLOCK.dash | BLOCK.letter,
});

/** Ages of people behind a word that says so, in the same languages. */
export const agedDetector: FoldedDetector = createAgeDetector('aged', AGED, { fewest: 1, whole: SHORT_BLOCK });

function createAgeDetector(id: string, patterns: readonly RegExp[], start: NumberStart): FoldedDetector {
  return {
    id,
    view: 'folded',
    detect: (text, scan = scanText(text)) =>
      patterns.flatMap((pattern) => findAtNumbers(text, scan, start, pattern, toFinding)),
  };
}

function toFinding(match: RegExpExecArray): Finding | undefined {
  return Number(match[0]) > OLDEST ? undefined : findingOf(match, 'AGE', 0.8, false);
}
