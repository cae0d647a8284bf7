import { array, assert, constantFrom, integer, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGates } from './index.ts';
import { scanText } from './scan-text.ts';

const gates = createGates({});
const number = tuple(integer({ min: 1, max: 16 }), constantFrom('20190312345678901', '04111111111111111', '61755501420001234'))
  .map(([length, digits]) => digits.slice(0, length)); // prettier-ignore
const joint = constantFrom(
  ' ', ' ', '-', '-', '.', '.', '/', ' (', ') ', '(', ')', '+', ', ', ': ', '\n', 'A', 'B ', 'X1', ' years old, ', ' a\u00f1os de edad ', 'y/o', ' MA ', ', CA ', ' aged ',
  ' dni ', ' nhs ', ' ssn ', ' card ', ' tel ', '_', 'T', ' SW1A ', 'K1A ', 'GB', '12/05/1960', '192.0.2.7', '2019-03-12', '1 ', '1AA ', '140-79-7943 ', '4111 1111 1111 1111 ',
); // prettier-ignore
const texts = array(tuple(number, joint), { minLength: 1, maxLength: 8 }).map((parts) => parts.flat().join(''));

/** What all detectors find, with the blocks of digits as they are or as if each could begin any number. */
function found(text: string, isBlind: boolean): string[] {
  const scan = scanText(text);
  const read = isBlind ? { ...scan, blocks: scan.blocks.map(() => -1) } : scan;
  return gates.flatMap(([, detector]) => detector.detect(text, read).map((finding) => JSON.stringify(finding)));
}

describe('numbers are found the same whether blocks of digits are told apart first or not', () => {
  it('in any row of digits and what may stand between them', () => {
    let most = 0;
    assert(
      property(texts, (text) => {
        const findings = found(text, false);
        most = Math.max(most, findings.length);
        expect(findings).toEqual(found(text, true));
      }),
      { numRuns: 3_000 },
    );
    // Not equal for want of any.
    expect(most).toBeGreaterThan(3);
  }, 120_000);

  it('and a block that is told wrongly would show (control)', () => {
    const text = 'Her number is 140-79-7943.';
    const scan = scanText(text);
    const read = { ...scan, blocks: scan.blocks.map(() => 0) };
    const count = (one: typeof scan): number => gates.flatMap(([, detector]) => detector.detect(text, one)).length;
    expect(count(read)).toBeLessThan(count(scan));
  });
});
