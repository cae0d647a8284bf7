import { describe, expect, it } from 'vitest';
import { createRedactor } from '../create-redactor.ts';

const redactor = createRedactor();

// Examples that the authorities or their documentation print.
describe('national personal numbers', () => {
  it.each([
    ['DNI', '12345678Z'],
    ['NIE', 'X1234567L'],
    ['PESEL', '44051401359'],
    ['BSN', '111222333'],
    ['TFN', '123456782'],
    ['CPF', '529.982.247-25'],
    ['SIN', '130 692 544'],
    ['personnummer', '811228-9874'],
    ['Aadhaar', '2341 2341 2346'],
    ['TCKN', '10000000146'],
    ['PPS No', '1234567T'],
    ['PPSN', '1234567FA'],
    ['HETU', '131052-308T'],
    ['f\u00f8dselsnummer', '15076500565'],
    ['Rijksregisternummer', '85.07.30-033.28'],
  ])('%s %s passes, and fails with its last character changed', (word, value) => {
    const last = value.at(-1) ?? '';
    const other = /\d/.test(last) ? String((Number(last) + 1) % 10) : last === 'A' ? 'B' : 'A';
    const verified = (text: string): unknown =>
      redactor.redactSync(`${word}: ${text} on file`, { types: ['NATIONAL_ID'] }).detections.map((one) => one.verified);
    expect(verified(value)).toEqual([true]);
    expect(verified(value.slice(0, -1) + other)).toEqual([false]);
    expect(redactor.redactSync(`item ${value}`, { types: ['NATIONAL_ID'] }).detections).toEqual([]);
  });
});
