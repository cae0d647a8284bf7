import type { Finding, FoldedDetector } from '../detector.ts';
import { findAll } from './find-all.ts';

const SOMEBODY =
  'pacientes?|mujer|var\\u00f3n|hombre|ni\\u00f1[oa]|lactante|se\\u00f1ora?|femenin[oa]|masculin[oa]|joven|adolescente|reci\\u00e9n nacid[oa]|madre|padre|hij[oa]|' +
  'patiente?|femme|homme|fille|gar\\u00e7on|paziente|donna|uomo|bambin[oa]|mulher|homem|crian\\u00e7a';
const AGES: readonly RegExp[] = [
  /(?<![\w.])(\d{1,3})(?:[- ](?:years?|yrs?)[- ]olds?|[- ]?y\/?o\b|[- ]year[- ]olds?|[- ](?:months?|weeks?|days?)[- ]old|[- ]?j\u00e4hrige[rnms]?| Jahre alt)(?!\w)/gi,
  /\b(?:aged?(?: of)?:?|turn(?:ed|s|ing)?|age is|edad:|edad de|\u00e2g\u00e9e? de|alter:|et\u00e0:|idade:?) (?:just )?(\d{1,3})(?![\w%]|[.,/:-]\d|(?: (?:mg|ml|percent|pages?|times|degrees?|points?)\b))/gi,
  /\b(?:she|he|they|i)(?: (?:is|was|am|were)|'s|'m) (?:just |only |now )?(\d{1,3})(?=[.,;!?\n]|$)/gi,
  /\bwhen (?:she|he|they|i) (?:was|were) (\d{1,3})(?![\w%]|[.,/:-]\d)/gi,
  /(?<![\w.,])(\d{1,3}) (?:a\u00f1os|meses|semanas|d\u00edas|ans|mois|anni|mesi|anos) (?:de edad|d'\u00e2ge|di et\u00e0|de idade)(?!\p{L})/giu,
  // Somebody of that age, and not for so long or since then.
  new RegExp(
    `(?<!\\p{L})(?:${SOMEBODY})(?!\\p{L})[^.;:\\d\\n]{0,32} (?:de|di) (\\d{1,3}) (?:a\\u00f1os|meses|ans|anni|anos)(?! (?:de|di|d')\\s?(?!edad|sexo)| (?:antes|despu\\u00e9s|previ|atr\\u00e1s))(?!\\p{L})`,
    'giu',
  ),
];
const OLDEST = 130;

/** Ages of people in years beside a word that says so, in English, Spanish, French, German, Italian and Portuguese. */
export const ageDetector: FoldedDetector = {
  id: 'age',
  view: 'folded',
  detect: (text) => AGES.flatMap((pattern) => findAll(text, pattern, toFinding)),
};

function toFinding(match: RegExpExecArray): Finding | undefined {
  const digits = match[1] ?? '';
  if (Number(digits) > OLDEST) return undefined;
  const start = match.index + match[0].lastIndexOf(digits);
  return { type: 'AGE', start, end: start + digits.length, score: 0.8, verified: false };
}
