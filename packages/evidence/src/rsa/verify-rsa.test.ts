import { generateKeyPairSync, sign } from 'node:crypto';
import { utf8 } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { loadSnp } from '../../../../test/evidence/load-snp.ts';
import { flipBit } from '../../../../test/evidence/load-vectors.ts';
import { parseCertificate } from '../x509/parse-certificate.ts';
import * as native from './node.ts';
import * as portable from './portable.ts';

const [vek, authority] = loadSnp('attrs-genoa-v5').certs.map(parseCertificate);
if (vek === undefined || authority === undefined) throw new Error('no chain');
const { publicKey } = authority;
const { signed, signature } = vek;
const younger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const spki = new Uint8Array(younger.publicKey.export({ format: 'der', type: 'spki' }));
const message = utf8('a message');

describe.each([
  ['native', native],
  ['portable', portable],
])('%s', (_, { verifyRsaPss, verifyRsaPkcs1 }) => {
  test("accepts AMD's signature under a chip's certificate", async () => {
    expect(await verifyRsaPss(publicKey, signed, signature)).toBe(true);
  });

  test.each([
    ['key', flipBit(publicKey, 100), signed, signature],
    ['message', publicKey, flipBit(signed, 100), signature],
    ['signature', publicKey, signed, flipBit(signature, 100)],
    ['shorter signature', publicKey, signed, signature.subarray(1)],
    ['zero signature', publicKey, signed, new Uint8Array(512)],
    ['key of another kind', vek.publicKey, signed, signature],
    ['empty key', new Uint8Array(0), signed, signature],
  ])('refuses another %s', async (_name, key, text, other) => {
    expect(await verifyRsaPss(key, text, other)).toBe(false);
  });

  test('takes no padding for the other', async () => {
    const old = new Uint8Array(sign('sha256', message, younger.privateKey));
    expect(await verifyRsaPkcs1(spki, message, old)).toBe(true);
    expect(await verifyRsaPss(spki, message, old)).toBe(false);
    expect(await verifyRsaPkcs1(publicKey, signed, signature)).toBe(false);
    expect(await verifyRsaPkcs1(spki, message, flipBit(old, 3))).toBe(false);
  });
});
