import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../create-redactor.ts';
import { isIban } from './iban.ts';
import { isImei } from './imei.ts';
import { isLuhn } from './luhn.ts';
import { isNhsNumber } from './nhs-number.ts';
import { isUsAba } from './us-aba.ts';
import { isUsDea } from './us-dea.ts';
import { isUsNpi } from './us-npi.ts';
import { isUsSsn } from './us-ssn.ts';
import { isVin } from './vin.ts';

interface Family {
  readonly type: string;
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
}

const RULES: Readonly<
  Record<string, { readonly verify: (value: string) => boolean; readonly keyword: string; readonly alone: boolean }>
> = {
  CREDIT_CARD: { verify: isLuhn, keyword: 'card number', alone: true },
  IBAN: { verify: isIban, keyword: 'IBAN', alone: true },
  NHS_NUMBER: { verify: isNhsNumber, keyword: 'NHS number', alone: false },
  US_NPI: { verify: isUsNpi, keyword: 'NPI', alone: false },
  US_DEA: { verify: isUsDea, keyword: 'DEA', alone: true },
  US_ABA: { verify: isUsAba, keyword: 'routing number', alone: false },
  VIN: { verify: isVin, keyword: 'VIN', alone: true },
  IMEI: { verify: isImei, keyword: 'IMEI', alone: false },
  US_SSN: {
    verify: (value) => /^\d{3}-\d{2}-\d{4}$/.test(value) && isUsSsn(value.replaceAll('-', '')),
    keyword: 'SSN',
    alone: true,
  },
};

const folder = process.env['CLOISTER_EVAL_DATA'];
const families =
  folder === undefined
    ? []
    : (JSON.parse(readFileSync(`${folder}/redaction/checksums.own.json`, 'utf8')) as readonly Family[]);
const redactor = createRedactor();

if (folder === undefined) process.stderr.write('checksum vectors skipped: CLOISTER_EVAL_DATA is not set\n');

describe.skipIf(folder === undefined)('the checksum vectors', () => {
  it('cover all nine families', () => {
    expect(families.map(({ type }) => type).toSorted()).toEqual(Object.keys(RULES).toSorted());
  });

  it.each(families)('of $type pass and fail as they should', ({ type, valid, invalid }) => {
    const rule = RULES[type];
    expect(valid.filter((value) => rule?.verify(value) !== true)).toEqual([]);
    expect(invalid.filter((value) => rule?.verify(value) !== false)).toEqual([]);
  });

  it.each(families)(
    'of $type are found and typed in text; corrupted ones only beside the keyword',
    ({ type, valid, invalid }) => {
      const rule = RULES[type];
      const find = (before: string, value: string): unknown =>
        redactor.redactSync(`${before}${value} it is.`).detections;
      const span = (before: string, value: string, verified: boolean): unknown => [
        { type, start: before.length, end: before.length + value.length, verified },
      ];
      const keyword = `The ${rule?.keyword} `;
      for (const value of valid) expect(find(keyword, value)).toMatchObject(span(keyword, value, true) as object[]);
      for (const value of invalid) expect(find(keyword, value)).toMatchObject(span(keyword, value, false) as object[]);
      for (const value of valid)
        if (rule?.alone === true) expect(find('Well ', value)).toMatchObject(span('Well ', value, true) as object[]);
      for (const value of invalid) expect(find('Well ', value)).toEqual([]);
    },
  );
});

describe('checksums without vectors at hand', () => {
  it('accept published examples and refuse every single changed digit', () => {
    const examples: readonly (readonly [(value: string) => boolean, string])[] = [
      [isLuhn, '4111111111111111'],
      [isIban, 'GB33BUKB20201555555555'],
      [isNhsNumber, '9434765919'],
      [isUsNpi, '1234567893'],
      [isUsAba, '021000021'],
      [isVin, '1M8GDM9AXKP042788'],
      [isImei, '490154203237518'],
    ];
    for (const [verify, value] of examples) {
      expect(verify(value)).toBe(true);
      for (let at = 0; at < value.length; at++) {
        if (!/\d/.test(value[at] ?? '')) continue;
        const changed = value.slice(0, at) + ((Number(value[at]) + 1) % 10) + value.slice(at + 1);
        expect([value, at, verify(changed)]).toEqual([value, at, false]);
      }
    }
  });

  it('refuse what is no digit at all', () => {
    const rules = [isLuhn, isIban, isNhsNumber, isUsNpi, isUsDea, isUsAba, isVin, isImei, isUsSsn];
    const texts = ['', ' ', '-', 'abc', '\u0661'.repeat(10), 'x'.repeat(100_000)];
    expect(rules.flatMap((verify) => texts.filter((text) => verify(text)))).toEqual([]);
  });
});
