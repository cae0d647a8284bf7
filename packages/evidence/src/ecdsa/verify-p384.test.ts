import { generateKeyPairSync, sign } from 'node:crypto';
import { concat, fromBase64url, utf8 } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { flipBit } from '../../../../test/evidence/load-vectors.ts';
import { verifyP384 as native } from './node.ts';
import { verifyP384 as portable } from './portable.ts';
import { verifyEcdsa } from './verify-ecdsa.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
const key = concat(fromBase64url(x), fromBase64url(y));
const message = utf8('a message');
const signature = new Uint8Array(sign('sha384', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }));

describe.each([
  ['native', native],
  ['portable', portable],
])('%s P-384', (_, verify) => {
  test('accepts a signature and refuses another key, message, r or s', async () => {
    expect(await verify(key, message, signature)).toBe(true);
    expect(await verify(flipBit(key, 3), message, signature)).toBe(false);
    expect(await verify(key, flipBit(message, 3), signature)).toBe(false);
    expect(await verify(key, message, flipBit(signature, 5))).toBe(false);
    expect(await verify(key, message, flipBit(signature, 80))).toBe(false);
    expect(await verify(key, message, new Uint8Array(96))).toBe(false);
    expect(await verify(new Uint8Array(96), message, signature)).toBe(false);
  });
});

test('the curve follows from the length; lengths that differ verify nothing', async () => {
  expect(await verifyEcdsa(key, message, signature)).toBe(true);
  expect(await verifyEcdsa(key, message, signature.subarray(32))).toBe(false);
  expect(await verifyEcdsa(key.subarray(32), message, signature.subarray(32))).toBe(false);
});
