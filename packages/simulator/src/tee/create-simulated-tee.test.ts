import { X509Certificate } from 'node:crypto';
import { toHex } from '@cloister/core';
import { parseTdxQuote, verifyTdxQuote } from '@cloister/evidence/tdx';
import { describe, expect, test } from 'vitest';
import { createPki } from './create-pki.ts';
import { createSimulatedTee } from './create-simulated-tee.ts';
import { der } from './der-writer.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const clock = { now: () => NOW };
const reportData = Uint8Array.from({ length: 64 }, (_, index) => index);

async function collect(options: Parameters<typeof createSimulatedTee>[0] = {}): Promise<Uint8Array> {
  const { provider } = await createSimulatedTee({ clock, ...options });
  const evidence = await provider.collect(reportData);
  return evidence.tee === 'tdx' ? evidence.quote : new Uint8Array();
}

describe('quotes', () => {
  test('hold the report data and measurements', async () => {
    const mrConfigId = new Uint8Array(48).fill(7);
    const tee = await createSimulatedTee({ clock, mrConfigId, measurements: { rtmr3: new Uint8Array(48).fill(8) } });
    const { quote } = (await tee.provider.collect(reportData)) as { quote: Uint8Array };
    const { report, version } = parseTdxQuote(quote);
    expect(version).toBe(4);
    expect(report.reportData).toEqual(reportData);
    expect(toHex(report.mrConfigId)).toBe(tee.workload.mrConfigId);
    expect(toHex(report.rtmr3)).toBe(tee.measurements.rtmr3);
    expect(tee.measurements.rtmr3).toBe('08'.repeat(48));
  });

  test('measure the same in every simulated guest, under keys that differ', async () => {
    const [first, second] = [parseTdxQuote(await collect()), parseTdxQuote(await collect())];
    expect(first.report).toEqual(second.report);
    expect(first.attestationKey).not.toEqual(second.attestationKey);
  });

  test('refuse report data of another length', async () => {
    const { provider } = await createSimulatedTee();
    await expect(provider.collect(new Uint8Array(32))).rejects.toThrow(RangeError);
  });
});

describe('the PKI', () => {
  test('is one that another implementation accepts', () => {
    const { root, authority, pck, signer } = createPki(NOW, new Set());
    const [rootCertificate, authorityCertificate] = [new X509Certificate(root.raw), new X509Certificate(authority.raw)];
    expect(rootCertificate.verify(rootCertificate.publicKey)).toBe(true);
    expect(authorityCertificate.verify(rootCertificate.publicKey)).toBe(true);
    expect(authorityCertificate.checkIssued(rootCertificate)).toBe(true);
    expect(new X509Certificate(pck.raw).verify(authorityCertificate.publicKey)).toBe(true);
    expect(new X509Certificate(signer.raw).verify(rootCertificate.publicKey)).toBe(true);
    expect(new X509Certificate(pck.raw).ca).toBe(false);
  });

  test('says in every name that it is simulated', () => {
    for (const { raw } of Object.values(createPki(NOW, new Set()))) {
      expect(new X509Certificate(raw as Uint8Array).subject).toContain('O=SIMULATED');
    }
  });

  test('is valid around the time it was given', async () => {
    const tee = await createSimulatedTee({ clock });
    const { quote } = (await tee.provider.collect(reportData)) as { quote: Uint8Array };
    const verify = (now: number): Promise<unknown> =>
      verifyTdxQuote(quote, { now, collateral: tee.collateral, roots: tee.roots });
    await expect(verify(NOW)).resolves.toMatchObject({ simulated: true });
    await expect(verify(NOW + 28 * 86_400_000)).resolves.toMatchObject({ simulated: true });
    await expect(verify(NOW + 30 * 86_400_000)).rejects.toMatchObject({ code: 'ERR_EVIDENCE_CRL_EXPIRED' });
    await expect(verify(NOW - 3 * 86_400_000)).rejects.toMatchObject({ code: 'ERR_EVIDENCE_CRL_EXPIRED' });
  });
});

describe('DER', () => {
  test.each([
    ['INTEGER 0', der.number(0), '020100'],
    ['INTEGER 128', der.number(128), '02020080'],
    ['INTEGER 65536', der.number(65536), '0203010000'],
    ['OBJECT IDENTIFIER', der.identifier('1.2.840.113741.1.13.1'), '060a2a864886f84d010d01'.replace('060a', '0609')],
    ['UTCTime', der.time(Date.UTC(2049, 11, 31, 23, 59, 59)), '170d3439313233313233353935395a'],
    ['GeneralizedTime', der.time(Date.UTC(2050, 0, 1)), '180f32303530303130313030303030305a'],
    ['BIT STRING', der.bits(Uint8Array.of(0x06), 1), '03020106'],
  ])('%s', (_, bytes, expected) => {
    expect(toHex(bytes)).toBe(expected);
  });

  test('lengths take the shortest form', () => {
    const header = (length: number): string => toHex(der.octets(new Uint8Array(length)).subarray(0, 4));
    expect([127, 128, 255, 256].map(header)).toEqual(['047f0000', '04818000', '0481ff00', '04820100']);
  });
});
