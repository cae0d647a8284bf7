import { describe, expect, test } from 'vitest';
import { flipBit, loadPhalaV4 } from '../../../../test/evidence/load-vectors.ts';
import { parseTdxQuote } from '../tdx/parse-tdx-quote.ts';
import { verifyP256 as native } from './node.ts';
import { verifyP256 as portable } from './portable.ts';
import { verifyEcdsa } from './verify-ecdsa.ts';

const { attestationKey, signed, signature } = parseTdxQuote(loadPhalaV4().quote);

describe.each([
  ['native', native],
  ['portable', portable],
])('%s', (_, verify) => {
  test('accepts a genuine signature', async () => {
    expect(await verify(attestationKey, signed, signature)).toBe(true);
  });

  test.each([
    ['key', flipBit(attestationKey, 3), signed, signature],
    ['message', attestationKey, flipBit(signed, 100), signature],
    ['r', attestationKey, signed, flipBit(signature, 5)],
    ['s', attestationKey, signed, flipBit(signature, 50)],
    ['zero signature', attestationKey, signed, new Uint8Array(64)],
    ['zero key', new Uint8Array(64), signed, signature],
  ])('refuses another %s', async (_name, key, message, other) => {
    expect(await verify(key, message, other)).toBe(false);
  });
});

test('refuses keys and signatures of another length', async () => {
  expect(await verifyEcdsa(attestationKey.subarray(1), signed, signature)).toBe(false);
  expect(await verifyEcdsa(attestationKey, signed, signature.subarray(1))).toBe(false);
  expect(await verifyEcdsa(attestationKey, signed, signature)).toBe(true);
});
