import { readFileSync } from 'node:fs';
import { corpusFolder, type FoundSpan } from './documents.ts';
import type { Find } from './score.ts';

interface Family {
  readonly type: string;
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
}

/** What announces a number of each type. */
const KEYWORDS: Readonly<Record<string, string>> = {
  CREDIT_CARD: 'card number',
  IBAN: 'IBAN',
  NHS_NUMBER: 'NHS number',
  US_NPI: 'NPI',
  US_DEA: 'DEA',
  US_ABA: 'routing number',
  VIN: 'VIN',
  IMEI: 'IMEI',
  US_SSN: 'SSN',
};

/** How many of the tried ones are as they should be. */
export type Tally = [met: number, tried: number];

/** What a redactor does with numbers of the checksum families beside their word. */
export interface ChecksumScore {
  /** Valid numbers that are hidden; hidden under their type; corrupted ones that are hidden; left, or reported as unverified. */
  readonly valid: Tally;
  readonly typed: Tally;
  readonly invalid: Tally;
  readonly honest: Tally;
}

/** Scores by family. */
export async function scoreChecksums(find: Find): Promise<ReadonlyMap<string, ChecksumScore>> {
  const families = JSON.parse(readFileSync(`${corpusFolder()}/checksums.own.json`, 'utf8')) as readonly Family[];
  const scores = new Map<string, ChecksumScore>();
  for (const { type, valid, invalid } of families) {
    const score: ChecksumScore = { valid: [0, 0], typed: [0, 0], invalid: [0, 0], honest: [0, 0] };
    const keyword = KEYWORDS[type] ?? type;
    for (const value of valid) {
      const spans = await spansOver(find, keyword, value);
      count(score.valid, spans.length > 0);
      count(
        score.typed,
        spans.some((span) => span.type === type),
      );
    }
    for (const value of invalid) {
      const spans = await spansOver(find, keyword, value);
      count(score.invalid, spans.length > 0);
      count(
        score.honest,
        spans.every(({ verified }) => verified === false),
      );
    }
    scores.set(type, score);
  }
  return scores;
}

/** What covers a value beside its word. */
async function spansOver(find: Find, keyword: string, value: string): Promise<FoundSpan[]> {
  const start = keyword.length + 1;
  const spans = await find(`${keyword} ${value} on file.`);
  return spans.filter((span) => span.start <= start && span.end >= start + value.length);
}

function count(score: Tally, isMet: boolean): void {
  score[0] += isMet ? 1 : 0;
  score[1]++;
}
