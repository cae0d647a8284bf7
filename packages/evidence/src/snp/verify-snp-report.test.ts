import { sha256, toHex } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { type GenuineName, loadList, loadSnp } from '../../../../test/evidence/load-snp.ts';
import { loadText } from '../../../../test/evidence/load-vectors.ts';
import { verifyRsaPss } from '../rsa/portable.ts';
import { parseCertificate } from '../x509/parse-certificate.ts';
import { parsePemChain } from '../x509/parse-pem-chain.ts';
import { parseRevocationList } from '../x509/parse-revocation-list.ts';
import { AppraisalError } from '../check.ts';
import { AMD_ROOTS } from './amd-roots.ts';
import { verifySnpReport, type VerifySnpReportOptions } from './verify-snp-report.ts';

const list = loadList('genoa');

function verify(name: GenuineName, options: Partial<VerifySnpReportOptions> = {}): ReturnType<typeof verifySnpReport> {
  const { report, certs, at } = loadSnp(name);
  return verifySnpReport(report, { now: at, certs, ...options });
}

async function failuresOf(attempt: Promise<unknown>): Promise<readonly string[]> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppraisalError);
  return (error as AppraisalError).checks.filter(({ result }) => result === 'fail').map(({ id }) => id);
}

describe('an up-to-date machine', () => {
  test('is accepted with the list of its root', async () => {
    const verdict = await verify('attrs-genoa-v5', { crls: [list] });
    expect(verdict).toMatchObject({
      line: 'Genoa',
      signer: 'vcek',
      simulated: false,
      tcbs: { reported: { bootloader: 10, tee: 0, snp: 27, microcode: 27 } },
      expiresAt: Date.parse('2026-10-04T00:00:00Z'),
    });
    expect(verdict.chipId).toMatch(/^b5f9a4c8/);
  });

  test('needs the list of its own root, whichever others come along', async () => {
    expect(await failuresOf(verify('attrs-genoa-v5'))).toEqual(['ark-crl.signature']);
    expect(await failuresOf(verify('attrs-genoa-v5', { crls: [loadList('turin')] }))).toEqual(['ark-crl.signature']);
    expect(await verify('attrs-genoa-v5', { crls: [loadList('turin'), list] })).toMatchObject({ line: 'Genoa' });
    expect(await failuresOf(verify('attrs-genoa-v5', { crls: Array.from({ length: 9 }, () => list) }))).toEqual([
      'ark-crl.signature',
    ]);
  });

  test.each([
    ['2026-08-19T14:09:00Z', ['ark-crl.validity']],
    ['2026-08-19T14:09:01Z', []],
    ['2026-10-04T00:00:00Z', []],
    ['2026-10-04T00:00:01Z', ['ark-crl.validity']],
    ['2026-02-17T23:01:35Z', ['vek.validity']],
    ['2033-02-17T23:01:37Z', ['vek.validity']],
  ])('at %s fails %j', async (time, failures) => {
    const attempt = verify('attrs-genoa-v5', { crls: [list], now: Date.parse(time) });
    expect(failures.length === 0 ? (await attempt).line : await failuresOf(attempt)).toEqual(
      failures.length === 0 ? 'Genoa' : failures,
    );
  });

  test('is judged by floors and allow-lists', async () => {
    const floor = { bootloader: 10, tee: 0, snp: 27, microcode: 27 };
    const demand = (options: Partial<VerifySnpReportOptions>): ReturnType<typeof verify> =>
      verify('attrs-genoa-v5', { crls: [list], ...options });
    expect(await demand({ minimumTcb: { Genoa: floor } })).toMatchObject({ line: 'Genoa' });
    expect(await failuresOf(demand({ minimumTcb: { Milan: floor } }))).toEqual(['firmware.reported-floor']);
    expect(await failuresOf(demand({ minimumTcb: { Genoa: { ...floor, microcode: 28 } } }))).toEqual([
      'firmware.reported-floor',
    ]);
    expect(await failuresOf(demand({ chipIds: ['00'.repeat(64)] }))).toEqual(['allow.chip']);
    expect(await failuresOf(demand({ signers: ['vlek'] }))).toEqual(['allow.signer']);
    expect(await demand({ mitigations: { launch: 'b', current: '3' } })).toMatchObject({ line: 'Genoa' });
  });
});

test('a guest that may be debugged, one at another privilege level: reported as cryptography, refused in strict', async () => {
  expect(await verify('google-milan', { mode: 'cryptography' })).toMatchObject({ report: { version: 2 } });
  expect(await failuresOf(verify('google-milan'))).toEqual(['ark-crl.signature', 'guest.debug']);
  expect(await verify('trustee-vlek', { mode: 'cryptography' })).toMatchObject({
    signer: 'vlek',
    providerId: 'CN=cc-us-east-2.amazonaws.com',
    report: { vmpl: 1 },
  });
  expect(await failuresOf(verify('trustee-vlek'))).toEqual(['ark-crl.signature', 'guest.vmpl']);
  expect(await failuresOf(verify('trustee-vlek', { vmpls: [0, 1] }))).toEqual(['ark-crl.signature']);
});

describe("AMD's authorities", () => {
  const lines = ['Milan', 'Genoa', 'Turin'] as const;

  test.each(lines)('%s: ASK and ASVK are signed by the pinned ARK', async (line) => {
    for (const kind of ['ask', 'asvk']) {
      const pem = loadText(`keys/amd-${kind}-ark-${line.toLowerCase()}.pem`);
      const [intermediate, ark] = parsePemChain(pem.trim());
      if (intermediate === undefined || ark === undefined) throw new Error('no pair');
      expect(AMD_ROOTS.amd).toContainEqual({ line, sha256: toHex(sha256(ark.raw)) });
      expect(await verifyRsaPss(ark.publicKey, intermediate.signed, intermediate.signature)).toBe(true);
      expect(await verifyRsaPss(ark.publicKey, ark.signed, ark.signature)).toBe(true);
    }
  });

  test.each(['genoa', 'turin'] as const)('%s: the list is signed by the ARK and spares the ASK', async (line) => {
    const { signed, signature, revoked } = parseRevocationList(loadList(line));
    const [intermediate, ark] = parsePemChain(loadText(`keys/amd-ask-ark-${line}.pem`).trim());
    if (intermediate === undefined || ark === undefined) throw new Error('no pair');
    expect(await verifyRsaPss(ark.publicKey, signed, signature)).toBe(true);
    expect(revoked.has(intermediate.serial)).toBe(false);
    // An older ASK of Genoa is on its list.
    expect([...revoked]).toEqual(line === 'genoa' ? ['020001'] : []);
  });

  test('number the certificates of all chips alike', () => {
    const [vek] = loadSnp('attrs-genoa-v5').certs;
    expect(parseCertificate(vek).serial).toBe('00');
  });
});
