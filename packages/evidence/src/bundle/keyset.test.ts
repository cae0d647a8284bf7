import { fromUtf8, utf8 } from '@cloister/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeyset, NOW } from '../../../../test/evidence/simulated-bundle.ts';
import { encodeKeyset, type Keyset, parseKeyset } from './keyset.ts';

const refusal = expect.objectContaining({ code: 'ERR_EVIDENCE_KEYSET_MALFORMED' });
const text = fromUtf8(encodeKeyset(createKeyset()));
const edited = (change: (keyset: Record<string, unknown>) => void): Uint8Array => {
  const keyset = JSON.parse(text) as Record<string, unknown>;
  change(keyset);
  return utf8(JSON.stringify(keyset));
};

test('what is encoded is parsed to the same keyset', () => {
  const keyset = createKeyset(7, { tlsSpkiSha256: new Uint8Array(32).fill(9) });
  expect(parseKeyset(encodeKeyset(keyset))).toEqual(keyset);
  expect(parseKeyset(encodeKeyset(createKeyset()))).toEqual(createKeyset());
});

test.each([
  ['nothing', utf8('')],
  ['no JSON', utf8('{')],
  ['ill-formed UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
  ['white space', utf8(`${text} `)],
  [
    'members in another order',
    utf8(JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).toReversed()))),
  ],
  ['a duplicate member', utf8(text.replace('{', '{"version":1,'))],
  ['an unknown member', edited((keyset) => (keyset['zzz'] = 1))],
  ['another version', edited((keyset) => (keyset['version'] = 2))],
  ['no configuration', edited((keyset) => (keyset['configs'] = []))],
  ['an empty configuration', edited((keyset) => (keyset['configs'] = ['']))],
  ['a short receipt key', edited((keyset) => (keyset['receiptKey'] = 'AAAA'))],
  ['padded base64', edited((keyset) => (keyset['receiptKey'] = `${String(keyset['receiptKey'])}=`))],
  ['a fractional time', edited((keyset) => (keyset['notAfter'] = NOW + 0.5))],
  ['an empty period', edited((keyset) => (keyset['notAfter'] = NOW))],
])('refuses %s', (_, bytes) => {
  expect(() => parseKeyset(bytes)).toThrow(refusal);
});

test('two different keysets never share an encoding', () => {
  const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
  const arbitrary: fc.Arbitrary<Keyset> = fc.record({
    version: fc.constant(1 as const),
    configs: fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 4 }),
    receiptKey: bytes(32),
    deployment: bytes(32),
    notBefore: fc.nat({ max: 1e12 }),
    notAfter: fc.integer({ min: 1e12 + 1, max: 2e12 }),
  });
  fc.assert(
    fc.property(arbitrary, (keyset) => {
      expect(parseKeyset(encodeKeyset(keyset))).toEqual(keyset);
    }),
  );
});
