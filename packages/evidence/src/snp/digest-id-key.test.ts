import { createHash, generateKeyPairSync } from 'node:crypto';
import { concat, fromBase64url } from '@cloister/core';
import { expect, test } from 'vitest';
import { digestIdKey } from './digest-id-key.ts';

test('is over the 1028 bytes of the firmware ABI: curve 2, coordinates little-endian in 72 bytes each', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const [left, right] = [fromBase64url(x), fromBase64url(y)];
  const structure = Buffer.alloc(0x404);
  structure.writeUInt32LE(2, 0);
  structure.set(left.toReversed(), 0x04);
  structure.set(right.toReversed(), 0x4c);
  expect(Buffer.from(digestIdKey(concat(left, right)))).toEqual(createHash('sha384').update(structure).digest());
});

test.each([0, 64, 95, 97])('of %i bytes is refused', (length) => {
  expect(() => digestIdKey(new Uint8Array(length))).toThrow(RangeError);
});
