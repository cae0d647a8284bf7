import type { Finding } from './detector.ts';

/** What the Safe Harbor rule must know to let a part of a value stay. */
export interface SafeHarborOptions {
  /** The current year: a date of more than 89 years ago says that somebody is older than 89. */
  readonly year: number;
}

const OLDEST_AGE = 89;
const YEAR = /(?<!\d)(?:1[89]|20)\d{2}(?!\d)/;
const US_CODE = /^\d{5}(?:-\d{4})?$/;
const KEPT_DIGITS = 3;
// First three digits whose areas had at most 20,000 people in the census of 2000 (guidance of the Department of Health and Human Services).
const SMALL_AREAS: ReadonlySet<string> = new Set(
  '036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893'.split(' '),
);
const BORDER = /^[\s,./-]{1,8}|(?: (?:of|de|del))?[\s,./-]{1,8}$/g;

/**
 * What of a finding has to go under 45 CFR 164.514(b)(2)(i)(B) and (C): not the year of a date, unless it tells an age over 89; no
 * age up to 89; not the first three digits of a postal code of the United States, unless few people live there. Everything else
 * goes whole.
 */
export function narrowToSafeHarbor(text: string, finding: Finding, { year }: SafeHarborOptions): readonly Finding[] {
  const written = text.slice(finding.start, finding.end);
  switch (finding.type) {
    case 'DATE':
      return withoutYear(written, finding, year);
    case 'AGE':
      return Number(written) <= OLDEST_AGE ? [] : [finding];
    case 'POSTAL_CODE':
      return US_CODE.test(written) && !SMALL_AREAS.has(written.slice(0, KEPT_DIGITS))
        ? [piece(finding, KEPT_DIGITS, written.length)]
        : [finding];
    default:
      return [finding];
  }
}

function withoutYear(written: string, finding: Finding, now: number): readonly Finding[] {
  const match = YEAR.exec(written);
  if (match === null || now - Number(match[0]) > OLDEST_AGE) return [finding];
  return [
    [0, match.index],
    [match.index + match[0].length, written.length],
  ].flatMap(([from = 0, to = 0]) => {
    const rest = written.slice(from, to);
    const own = rest.replace(BORDER, '');
    const start = from + rest.indexOf(own);
    return own === '' ? [] : [piece(finding, start, start + own.length)];
  });
}

/** A part of a finding, by offsets into it; the canonical value of the whole is not its own. */
function piece({ type, start, score, verified }: Finding, from: number, to: number): Finding {
  return { type, start: start + from, end: start + to, score, verified };
}
