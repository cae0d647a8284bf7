import type { Finding, FoldedDetector } from '../detector.ts';
import { findAll, findAtNumbers } from './find-all.ts';
import { BLOCK, type NumberStart } from './number-block.ts';
import { scanText, SHAPE, type TextScan } from './scan-text.ts';

const AFTER_WORD =
  /\b(?:(?:zip(?: ?code)?|post(?:al)? ?code|post ?code|plz|code postal|c\u00f3digo postal)(?:\.?[ \t]{0,2}(?:[:#=]|is)[ \t]{0,2}|\.?[ \t]{1,2})|c\.?p\.?(?:[:.][ \t]{0,2}|[ \t]{1,2})(?=\d{4,7}(?!\w)))(\d{3,7}(?:-\d{3,4})?(?: ?[A-Z]{2})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?!\w)/gi;
// Group 1 is the town before the state, if it stands there.
const US_BEHIND_STATE =
  /(?<=(?<!\p{L})((?:\p{Lu}\p{Ll}{1,20}[ -]){0,2}\p{Lu}\p{Ll}{1,20})?,? [A-Z]{2} )\d{5}(?:-\d{4})?(?![\p{L}\p{N}_-])/uy;
// Both are found by their last part; group 1 is the first.
const CANADA = /\d[ABCEGHJ-NPRSTV-Z]\d(?!\w)(?<=(?<!\w)([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] )\d[A-Z]\d)/y;
const UK = /\d[ABD-HJLNP-UW-Z]{2}(?!\w)(?<=(?<!\w)([A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKPSTUW]? )\d[A-Z]{2})/y;
const ZIP: NumberStart = { fewest: 5, whole: BLOCK.five };
const DIGIT_THEN_LETTER: NumberStart = { fewest: 1, whole: 0, begun: BLOCK.one, behind: BLOCK.letter };
const STATES =
  /(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|PR|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]) $/;

/** Postal codes beside their word. */
export const announcedPostalCodeDetector: FoldedDetector = {
  id: 'announced-postal-code',
  view: 'folded',
  detect: (text) =>
    findAll(text, AFTER_WORD, (match) => {
      const end = match.index + match[0].length;
      return finding(end - (match[1] ?? '').length, end);
    }),
};

/** Postal codes behind a state of the United States, and in the shapes of the United Kingdom and Canada. */
export const postalCodeDetector: FoldedDetector = {
  id: 'postal-code',
  view: 'folded',
  detect: (text, scan = scanText(text)) => [
    ...findTowns(text, scan),
    ...((scan.shape & SHAPE.digitThenCapital) === 0
      ? []
      : [
          ...findAtNumbers(text, scan, DIGIT_THEN_LETTER, UK, whole),
          ...findAtNumbers(text, scan, DIGIT_THEN_LETTER, CANADA, whole),
        ]),
  ],
};

/** Codes behind a state, and the towns before it. */
function findTowns(text: string, scan: TextScan): Finding[] {
  const towns: Finding[] = [];
  const codes = findAtNumbers(text, scan, ZIP, US_BEHIND_STATE, (match) => {
    const { index, 0: code, 1: town = '' } = match;
    const before = text.slice(Math.max(0, index - 3), index);
    if (!STATES.test(before)) return undefined;
    const end = index - ' CA '.length - (text.charAt(index - ' CA '.length - 1) === ',' ? 1 : 0);
    if (town !== '') towns.push({ type: 'LOCATION', start: end - town.length, end, score: 0.7, verified: false });
    return finding(index, index + code.length);
  });
  return [...towns, ...codes];
}

function whole(match: RegExpExecArray): Finding {
  return finding(match.index - (match[1] ?? '').length, match.index + match[0].length);
}

function finding(start: number, end: number): Finding {
  return { type: 'POSTAL_CODE', start, end, score: 0.8, verified: false };
}
