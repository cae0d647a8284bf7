import { concat, isCloisterError, type TdxCollateral } from '@cloister/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flipBit, loadPhalaV4 } from '../../../../test/evidence/load-vectors.ts';
import { parseTdxQuote } from './parse-tdx-quote.ts';
import { verifyTdxQuote } from './verify-tdx-quote.ts';

const { quote, collateral, at } = loadPhalaV4();
const PADDING = 70;
// The long run: CLOISTER_LONG_FUZZ=10000, and a hundred times as many inputs of the parser.
const CHANGES = Number(process.env['CLOISTER_LONG_FUZZ'] ?? 400);
const INPUTS = process.env['CLOISTER_LONG_FUZZ'] === undefined ? 1000 : CHANGES * 100;
const LONG = 600_000;

async function outcome(bytes: Uint8Array, given: TdxCollateral = collateral): Promise<string> {
  return verifyTdxQuote(bytes, { now: at, collateral: given }).then(
    () => 'accept',
    (error: unknown) => (isCloisterError(error) ? 'refused' : 'foreign error'),
  );
}

function parseOutcome(bytes: Uint8Array): string {
  try {
    parseTdxQuote(bytes);
    return 'parsed';
  } catch (error) {
    return isCloisterError(error) ? 'refused' : 'foreign error';
  }
}

test('the unchanged evidence is accepted, so that the refusals below mean something', async () => {
  expect(await outcome(quote)).toBe('accept');
});

test('a flipped bit anywhere in the quote refuses', { timeout: LONG }, async () => {
  const offsets = fc.nat({ max: quote.length - PADDING - 1 });
  await fc.assert(
    fc.asyncProperty(
      offsets,
      fc.nat({ max: 7 }),
      async (offset, bit) => (await outcome(flipBit(quote, offset, bit))) === 'refused',
    ),
    {
      numRuns: CHANGES,
      examples: [
        [8, 0],
        [0, 0],
        [632, 0],
        [1252, 1],
      ],
    },
  );
});

test(
  'a flipped bit anywhere in the collateral refuses, but for the case of hex digits',
  { timeout: LONG },
  async () => {
    const members = fc.constantFrom(...(Object.keys(collateral) as (keyof TdxCollateral)[]));
    await fc.assert(
      fc.asyncProperty(members, fc.nat(), fc.nat({ max: 7 }), async (member, position, bit) => {
        const text = Buffer.from(collateral[member], 'latin1');
        const offset = position % text.length;
        const changed = Buffer.from(flipBit(text, offset, bit)).toString('latin1');
        const isHex = /crl$|signature$/.test(member) && !member.includes('chain');
        fc.pre(!(isHex && changed.toLowerCase() === collateral[member].toLowerCase()));
        expect(await outcome(quote, { ...collateral, [member]: changed })).toBe('refused');
      }),
      { numRuns: CHANGES },
    );
  },
);

test('any bytes at all give a quote or an error of ours', { timeout: LONG }, () => {
  const header = quote.subarray(0, 48);
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.boolean(),
      fc.nat({ max: quote.length }),
      (bytes, isHeaded, cut) => {
        const given = isHeaded ? concat(header, bytes) : concat(bytes, quote.subarray(cut));
        expect(parseOutcome(given)).not.toBe('foreign error');
      },
    ),
    { numRuns: INPUTS },
  );
});

test('every cut of the quote is refused', () => {
  for (let length = 0; length < quote.length - PADDING; length++)
    expect(parseOutcome(quote.subarray(0, length))).toBe('refused');
});

test('any collateral members give a refusal of ours', async () => {
  const members = Object.keys(collateral) as (keyof TdxCollateral)[];
  const arbitrary = fc.record(
    Object.fromEntries(members.map((name) => [name, fc.oneof(fc.string(), fc.constant(collateral[name]))])),
  );
  await fc.assert(
    fc.asyncProperty(arbitrary, async (given) => {
      const isUnchanged = members.every((name) => given[name] === collateral[name]);
      expect(await outcome(quote, given as unknown as TdxCollateral)).toBe(isUnchanged ? 'accept' : 'refused');
    }),
    { numRuns: 50 },
  );
});
