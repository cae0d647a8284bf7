import { fromHex, isCloisterError, utf8 } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { loadSnp } from '../../../../test/evidence/load-snp.ts';
import { loadBytes, loadText } from '../../../../test/evidence/load-vectors.ts';
import { verifyRsaPss } from '../rsa/portable.ts';
import { type Certificate, parseCertificate } from '../x509/parse-certificate.ts';
import { parsePemChain } from '../x509/parse-pem-chain.ts';
import { parseVekExtensions, type VekExtensions } from './parse-vek-extensions.ts';

const AMD = '2b060104019c7801';
const [chip] = loadSnp('attrs-genoa-v5').certs.map(parseCertificate);
const [lent] = loadSnp('trustee-vlek').certs.map(parseCertificate);
if (chip === undefined || lent === undefined) throw new Error('no certificate');

/** A certificate with extensions of AMD's arc replaced, or left out. */
function change(certificate: Certificate, changes: Readonly<Record<string, Uint8Array | undefined>>): Certificate {
  const extensions = new Map(certificate.extensions);
  for (const [arcs, value] of Object.entries(changes)) {
    if (value === undefined) extensions.delete(`${AMD}${arcs}`);
    else extensions.set(`${AMD}${arcs}`, { critical: false, value });
  }
  return { ...certificate, extensions };
}

function outcome(certificate: Certificate): VekExtensions | string {
  try {
    return parseVekExtensions(certificate);
  } catch (error) {
    return isCloisterError(error) ? error.code : 'foreign error';
  }
}

test("a chip's and a provider's genuine certificates", () => {
  expect(parseVekExtensions(chip)).toMatchObject({
    product: 'Genoa',
    tcb: { bootloader: 10, tee: 0, snp: 27, microcode: 27 },
    providerId: undefined,
  });
  expect(parseVekExtensions(chip).hardwareId).toHaveLength(64);
  expect(parseVekExtensions(lent)).toMatchObject({
    product: 'Milan',
    tcb: { bootloader: 4, tee: 0, snp: 24, microcode: 217 },
    hardwareId: undefined,
    providerId: 'CN=cc-us-east-2.amazonaws.com',
  });
});

test("a Turin chip's genuine certificate: signed by its authority, version 1, an id of 8 bytes", async () => {
  const turin = parseCertificate(loadBytes('snp/virtee-turin.vcek.der'));
  const [authority] = parsePemChain(loadText('keys/amd-ask-ark-turin.pem').trim());
  expect(await verifyRsaPss(authority?.publicKey ?? new Uint8Array(), turin.signed, turin.signature)).toBe(true);
  expect(parseVekExtensions(turin)).toEqual({
    product: 'Turin',
    tcb: { fmc: 0, bootloader: 0, tee: 0, snp: 0, microcode: 9 },
    hardwareId: fromHex('1e550a8ee5cf9f4d'),
    providerId: undefined,
  });
});

test.each([
  ['64 bytes', '11'.repeat(64), 64],
  ['64 bytes in an OCTET STRING', `0440${'11'.repeat(64)}`, 64],
  ['8 bytes', '11'.repeat(8), 8],
  ['8 bytes in an OCTET STRING', `0408${'11'.repeat(8)}`, 8],
])('a chip id of %s', (_, hex, length) => {
  expect(outcome(change(chip, { '04': fromHex(hex) }))).toMatchObject({ hardwareId: fromHex('11'.repeat(length)) });
});

describe('is refused', () => {
  const text = (value: string): Uint8Array =>
    fromHex(`16${value.length.toString(16).padStart(2, '0')}${Buffer.from(value).toString('hex')}`);
  test.each([
    ['without a version', { '01': undefined }],
    ['version 2', { '01': fromHex('020102') }],
    ['version 1 without an FMC', { '01': fromHex('020101') }],
    ['version 0 with an FMC', { '0309': fromHex('020100') }],
    ['without a product', { '02': undefined }],
    ['an empty product', { '02': text('') }],
    ['a product with a control character', { '02': text('Gen\noa') }],
    ['without a boot loader', { '0301': undefined }],
    ['without microcode', { '0308': undefined }],
    ['an SVN of 256', { '0303': fromHex('02020100') }],
    ['a negative SVN', { '0303': fromHex('020180') }],
    ['an SVN with bytes behind it', { '0303': fromHex('02010a00') }],
    ['a reserved SVN', { '0304': fromHex('020101') }],
    ['an SVN that is no INTEGER', { '0303': fromHex('04010a') }],
    ['neither chip nor provider', { '04': undefined }],
    ['chip and provider', { '05': text('provider.example') }],
    ['a chip id of 32 bytes', { '04': new Uint8Array(32) }],
    ['a chip id in another string', { '04': fromHex(`0340${'11'.repeat(64)}`) }],
    ['an empty chip id', { '04': utf8('') }],
  ])('%s', (_, changes) => {
    expect(outcome(change(chip, changes))).toBe('ERR_EVIDENCE_SNP_EXTENSIONS_MALFORMED');
  });
});
