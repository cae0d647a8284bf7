import { describe, expect, it } from 'vitest';
import { createRedactor } from './create-redactor.ts';

const redactor = createRedactor({ safeHarbor: { year: 2026 } });

/** The masked text with a mark for each token: their ids are random and may hold any digits. */
function mask(text: string, by = redactor): string {
  const { text: masked, vault } = by.redactSync(text);
  expect(vault.unmask(masked)).toBe(text);
  return masked.replace(/\[\[[A-Z]+_.{7}\]\]/g, '~');
}

describe('what Safe Harbor lets stay', () => {
  it.each([
    ['born on 12 March 1958', 'born on ~ 1958'],
    ['seen 2026-01-31T12:00:00Z', 'seen 2026-~'],
    ['seen 01/31/2026', 'seen ~/2026'],
    ['in March 2024 again', 'in ~ 2024 again'],
    ['visto el 3 de mayo de 2012', 'visto el ~ de 2012'],
    ['seen 01/31/24', 'seen ~'],
    ['he is 89 years old', 'he is 89 years old'],
    ['ZIP: 02118', 'ZIP: 021~'],
    ['ZIP: 02118-1234', 'ZIP: 021~'],
  ])('of %s', (text, expected) => {
    expect(mask(text)).toBe(expected);
  });

  it.each([
    ['a date that tells an age over 89', 'born on 12 March 1936', 'born on ~'],
    ['an age over 89', 'he is 90 years old', 'he is ~ years old'],
    ['a postal code of an area with few people', 'ZIP: 03601', 'ZIP: ~'],
    ['a code of another country', 'postcode M14 6HR', 'postcode ~'],
    ['a name', 'seen by Dr. Long', 'seen by Dr. ~'],
  ])('is not %s', (_, text, expected) => {
    expect(mask(text)).toBe(expected);
  });

  it('is nothing unless it is asked for', () => {
    const text = 'born on 12 March 1958, 44 years old, ZIP: 02118';
    expect(mask(text, createRedactor())).toBe('born on ~, ~ years old, ZIP: ~');
    expect(mask(text)).toContain('1958');
  });
});
