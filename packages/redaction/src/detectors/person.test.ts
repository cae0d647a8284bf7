import { isCloisterError } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../create-redactor.ts';
import { createVault } from '../vault/create-vault.ts';

const names = [
  'Maria Kowalski',
  'Anna Kowalski',
  "Sean O'Brien",
  'Amy Long',
  'Ana de la Cruz',
  'Jean-Luc Picard',
  'Fatima El-Amin',
  'Zo\u00eb',
];
const redactor = createRedactor({ names });

function mask(text: string): string {
  return redactor.redactSync(text).text.replace(/\[\[PERSON.?_.{7}\]\]/g, '~');
}

describe('names of the tenant', () => {
  it.each([
    ['Maria Kowalski and maria  kowalski', '~ and ~'],
    ['KOWALSKI, MARIA (58)', '~ (58)'],
    ["Ms Kowalski's dose; Kowalski\u2019s; M. Kowalski", "Ms ~'s dose; ~\u2019s; ~"],
    ["Mr O'Brien, S. O'Brien, Sean", 'Mr ~, ~, ~'],
    ['de la Cruz no, Cruz yes', 'de la ~ no, ~ yes'],
    ['Jean-Luc Picard, Jean-Luc', '~, ~'],
    ['Mrs El-Amin', 'Mrs ~'],
    ['Zoe\u0308 and ZO\u00cb', '~ and ~'],
    ['Maria\nKowalski', '~'],
  ])('are found in %s', (text, expected) => {
    expect(mask(text)).toBe(expected);
  });

  it.each(['maria, a wind', 'Long QT and long walks', 'mariana kowalskis', 'zo\u00eb is lower case', 'Amy-less'])(
    'are told from other words: %s',
    (text) => {
      expect(mask(text)).toBe(text.replace('Amy', '~'));
    },
  );

  it('that are common words count behind a title or in full', () => {
    expect(mask('Ms Long took Long Acting; Amy Long')).toBe('Ms ~ took Long Acting; ~');
  });

  it('share an id per person, and a shared surname names neither', () => {
    const vault = createVault();
    const id = (text: string): string => redactor.redactSync(text, { vault }).text.slice(-9, -2);
    expect(id('Maria')).toBe(id('Maria Kowalski'));
    expect(id('Kowalski')).not.toBe(id('Maria Kowalski'));
    expect(id('Kowalski')).toBe(id('KOWALSKI'));
    expect(id('Anna Kowalski')).not.toBe(id('Maria Kowalski'));
  });

  it('are refused when they are no names or too many', () => {
    for (const bad of [
      ['x'],
      [' '],
      ['a b c d e f g h i'],
      ['\u2014\u2014'],
      ['x'.repeat(201)],
      Array.from({ length: 100_001 }, () => 'Maria Kowalski'),
    ]) {
      let code: unknown;
      try {
        createRedactor({ names: bad });
      } catch (error) {
        code = isCloisterError(error) ? error.code : error;
      }
      expect(code).toBe('ERR_REDACTION_NAME');
    }
  });
});

describe('a dictionary of the tenant', () => {
  const terms = Array.from({ length: 100_000 }, (_, index) => `ward ${index} north`);
  const withTerms = createRedactor({
    types: ['ORGANIZATION'],
    dictionaries: [{ type: 'ORGANIZATION', terms: [...terms, 'Blue Heron', 'Blue Heron Clinic'] }],
  });
  it.each([
    ['seen at blue  heron CLINIC.', ['blue  heron CLINIC']],
    ['Ward 99999 North, ward 7 south, ward 12 north', ['Ward 99999 North', 'ward 12 north']],
    ['blueheron and Blue Herons', []],
  ])('in %s', (text, expected) => {
    expect(withTerms.redactSync(text).detections.map(({ start, end }) => text.slice(start, end))).toEqual(expected);
  });
});
