import { readFileSync } from 'node:fs';
import { corpusFolder } from './documents.ts';
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

/** Valid numbers beside their keyword that are hidden, and corrupted ones that are hidden, over all families. */
export async function scoreChecksums(
  find: Find,
): Promise<Readonly<Record<'valid' | 'typed' | 'invalid', readonly [number, number]>>> {
  const families = JSON.parse(readFileSync(`${corpusFolder()}/checksums.own.json`, 'utf8')) as readonly Family[];
  const result: Record<'valid' | 'typed' | 'invalid', [number, number]> = {
    valid: [0, 0],
    typed: [0, 0],
    invalid: [0, 0],
  };
  for (const { type, valid, invalid } of families) {
    const keyword = KEYWORDS[type] ?? type;
    for (const value of valid) {
      const types = await typesOf(find, keyword, value);
      count(result.valid, types.length > 0);
      count(result.typed, types.includes(type));
    }
    for (const value of invalid) count(result.invalid, (await typesOf(find, keyword, value)).length > 0);
  }
  return result;
}

async function typesOf(find: Find, keyword: string, value: string): Promise<string[]> {
  const start = keyword.length + 1;
  const spans = await find(`${keyword} ${value} on file.`);
  return spans.filter((span) => span.start <= start && span.end >= start + value.length).map(({ type }) => type);
}

function count(score: [number, number], isMet: boolean): void {
  score[0] += isMet ? 1 : 0;
  score[1]++;
}
