import type { Finding, FoldedDetector } from '../detector.ts';
import { findAtNumbers, findingOf } from './find-all.ts';
import { BLOCK, type NumberStart } from './number-block.ts';
import { scanText, type TextScan } from './scan-text.ts';

const MONTHS =
  '(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)';
const MONTH = `(?:${MONTHS}|${MONTHS.toUpperCase()})`;
const MONTH_BEGUN = /Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC/;
// Spanish, French, German, Italian, Portuguese, Dutch.
const FOREIGN =
  '(?:[Ee]nero|[Ff]ebrero|[Mm]arzo|[Aa]bril|[Mm]ayo|[Jj]unio|[Jj]ulio|[Aa]gosto|[Ss]ep?tiembre|[Oo]ctubre|[Nn]oviembre|[Dd]iciembre|' +
  'janvier|f\u00e9vrier|mars|avril|mai|juin|juillet|ao\u00fbt|septembre|octobre|novembre|d\u00e9cembre|' +
  'Januar|J\u00e4nner|Februar|M\u00e4rz|Mai|Juni|Juli|Oktober|Dezember|' +
  '[Gg]ennaio|[Ff]ebbraio|[Aa]prile|[Mm]aggio|[Gg]iugno|[Ll]uglio|[Ss]ettembre|[Oo]ttobre|[Nn]ovembre|[Dd]icembre|' +
  '[Jj]aneiro|[Ff]evereiro|[Mm]ar\u00e7o|[Mm]aio|[Jj]unho|[Jj]ulho|[Ss]etembro|[Oo]utubro|[Nn]ovembro|[Dd]ezembro|' +
  'januari|februari|maart|mei|juni|juli|augustus|oktober|september|november|december)';
const MONTH_LETTERS: readonly boolean[] = Array.from('abcdefghijklmnopqrstuvwxyz', (letter) =>
  'adefgjlmnos'.includes(letter),
);
const DAY = '(?:0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th)?';
const YEAR = '(?:1[89]|20)\\d{2}';

const ISO =
  /(?<![\w-])((?:1[89]|20)\d{2})([-/.])(\d{2})\2(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w]|-\d)/y;
const NUMERIC = /(?<![\w./-])(\d{1,2})([./-])(\d{1,2})\2((?:1[89]|20)\d{2}|\d{2})(?![\w]|[./-]\d)/y;
// 10/2021, as on vaccination cards.
const MONTH_AND_YEAR = /(?<![\w./-])(?:0[1-9]|1[0-2])\/(?:19\d|20[0-3])\d(?![\w/-]|\.\d)/y;
const FOREIGN_BEGUN =
  /[Ee]ner|[Ff]ebr|[Mm]ar[z\u00e7]|[Aa]bril|[Mm]ayo|[Jj]uni|[Jj]uli|[Aa]gost|[Ss]e[pt]t?i?em|[Oo]ctubre|[Nn]ov[ie]|[Dd]i[cz]|janv|f\u00e9v|mars|avril|mai|juin|juil|ao\u00fb|octobre|d\u00e9c|Janu|J\u00e4nn|M\u00e4rz|Mai|Okt|Dez|[Gg]enn|[Ff]ebb|[Aa]prile|[Mm]agg|[Gg]iug|[Ll]ugl|[Ss]ett|[Oo]tt|[Jj]ane|[Ff]eve|[Mm]aio|[Jj]un?lh|[Jj]unh|[Ss]etem|[Oo]utu|janu|febru|maart|mei|augus|okto|septem|decem/;
const FOREIGN_NAMED = new RegExp(
  `(?<![\\w.,])(?:\\d{1,2}(?:\\.|\\u00ba|o|er)?[ -](?:de |den )?)?${FOREIGN}(?![\\p{L}])(?:[ -](?:de |del |do |di )?${YEAR}(?!\\w))?`,
  'uy',
);
const NAMED = new RegExp(
  `(?<!\\w)(?:${DAY}(?: of)?[ -]${MONTH}(?:\\.?,?[ -]${YEAR})?|${MONTH}\\.? ${DAY}(?:,? ${YEAR})?|${MONTH}\\.?,? ${YEAR})(?!\\w)`,
  'y',
);
const JOINTS = BLOCK.dot | BLOCK.dash | BLOCK.slash;
const YEAR_FIRST: NumberStart = { fewest: 8, whole: 0, begun: BLOCK.four, behind: JOINTS };
const DAY_FIRST: NumberStart = { fewest: 4, whole: 0, begun: BLOCK.one | BLOCK.two, behind: JOINTS };
const MONTH_FIRST: NumberStart = { fewest: 6, whole: 0, begun: BLOCK.two, behind: BLOCK.slash };
// From the first letter of a month to its number: the longest name, its dot or comma, "de" and spaces.
const MONTH_REACH = 18;

/**
 * Dates that are finer than a year: ISO 8601 and numeric with one separator. `verified` means that the calendar allows them. A
 * year alone is not claimed: 45 CFR 164.514(b)(2)(i)(C) keeps it.
 */
export const numericDateDetector: FoldedDetector = {
  id: 'numeric-date',
  view: 'folded',
  detect: (text, scan = scanText(text)) => [
    ...findAtNumbers(text, scan, YEAR_FIRST, ISO, (match) => dateIf(isIsoDate(match), match)),
    ...findAtNumbers(text, scan, DAY_FIRST, NUMERIC, (match) => dateIf(isNumericDate(match), match)),
    ...findAtNumbers(text, scan, MONTH_FIRST, MONTH_AND_YEAR, (match) => dateIf(true, match)),
  ],
};

/** Dates with the name of a month in English, Spanish, French, German, Italian, Portuguese or Dutch. */
export const namedDateDetector: FoldedDetector = {
  id: 'named-date',
  view: 'folded',
  detect: (text, scan = scanText(text)) => [
    ...(MONTH_BEGUN.test(text) ? findAroundNumbers(text, scan, NAMED) : []),
    ...(FOREIGN_BEGUN.test(text) ? findAroundNumbers(text, scan, FOREIGN_NAMED) : []),
  ],
};

const EAST_ASIAN =
  /(?:1[89]|20)\d{2}(?:\u5e74|\ub144 ?)(?:0?[1-9]|1[0-2])(?:\u6708|\uc6d4 ?)(?:(?:0?[1-9]|[12]\d|3[01])(?:\u65e5|\uc77c))?/y;
const YEAR_BEFORE_SIGN: NumberStart = { fewest: 5, whole: 0, begun: BLOCK.four, behind: BLOCK.other };

/** Dates with the signs for year, month and day of China, Japan and Korea. */
export const eastAsianDateDetector: FoldedDetector = {
  id: 'east-asian-date',
  view: 'folded',
  detect: (text, scan = scanText(text)) =>
    findAtNumbers(text, scan, YEAR_BEFORE_SIGN, EAST_ASIAN, (match) => dateIf(true, match)),
};

/** Every such date has a number: it begins there, or with a word shortly before. */
function findAroundNumbers(text: string, { starts }: TextScan, pattern: RegExp): Finding[] {
  const findings: Finding[] = [];
  let from = 0;
  for (const number of starts) {
    for (let begin = Math.max(from, number - MONTH_REACH); begin <= number; begin++) {
      if (begin < number && !beginsMonth(text, begin)) continue;
      pattern.lastIndex = begin;
      const match = pattern.exec(text);
      if (match === null || pattern.lastIndex <= number) continue;
      from = pattern.lastIndex;
      findings.push(findingOf(match, 'DATE', 0.9, true));
      break;
    }
  }
  return findings;
}

/** Whether a letter that the name of a month begins with stands behind anything but a letter of ASCII. */
function beginsMonth(text: string, index: number): boolean {
  const code = text.charCodeAt(index) | 0x20;
  if (!(code >= 0x61 && code <= 0x7a) || !MONTH_LETTERS[code - 0x61]) return false;
  const before = text.charCodeAt(index - 1) | 0x20;
  return !(before >= 0x61 && before <= 0x7a);
}

function dateIf(valid: boolean, match: RegExpExecArray): Finding | undefined {
  return valid ? findingOf(match, 'DATE', 0.9, true) : undefined;
}

function isIsoDate(match: RegExpExecArray): boolean {
  return exists(Number(match[1]), Number(match[3]), Number(match[4]));
}

/** Day first or month first: either may be meant. */
function isNumericDate(match: RegExpExecArray): boolean {
  const [first, second, year] = [Number(match[1]), Number(match[3]), Number(match[4])];
  // Two small numbers and a two-digit "year" with dots are more often a version or a section.
  if (match[2] === '.' && (match[4] ?? '').length === 2) return false;
  return exists(year, second, first) || exists(year, first, second);
}

function exists(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  // Day zero of the next month is the last of this one; two-digit years are read as 20xx, a leap year apart at most.
  return day <= new Date(Date.UTC(year < 100 ? 2000 + year : year, month, 0)).getUTCDate();
}
