import { concat, fromHex, fromUtf8, isCloisterError, utf8 } from '@cloister/core';
import { describe, expect, test } from 'vitest';
import { loadGpu } from '../../../../../test/evidence/load-nvidia.ts';
import { flipBit } from '../../../../../test/evidence/load-vectors.ts';
import { AppraisalError } from '../../check.ts';
import { parseGpuReport } from './parse-gpu-report.ts';
import { verifyGpuReport, type VerifyGpuReportOptions } from './verify-gpu-report.ts';

const now = Date.parse('2026-11-24T00:00:00Z');
const trustee = loadGpu('trustee-hopper');
const sdk = loadGpu('sdk-hopper');
const nonce = fromHex('931d8dd0add203ac3d8b4fbde75e115278eefcdceac5b87671a748f32364dfcb');

async function refusal(
  evidence: { report: Uint8Array; certChain: Uint8Array },
  options: Partial<VerifyGpuReportOptions> = {},
): Promise<string> {
  const error: unknown = await verifyGpuReport(evidence, { now, ...options }).then(
    () => 'accepted',
    (reason: unknown) => reason,
  );
  return error instanceof AppraisalError ? `${error.subject} ${error.code}` : String(error);
}

test('a genuine report with everything compared', async () => {
  const { report, simulated, checks } = await verifyGpuReport(trustee, {
    now,
    nonce,
    arch: 'HOPPER',
    drivers: ['550.90.07'],
    vbios: ['96.00.9F.00.01'],
  });
  expect(report).toMatchObject({ driverVersion: '550.90.07', vbiosVersion: '96.00.9F.00.01', isDecoderOff: true });
  expect(report.measurements.map(({ index }) => index)).toEqual([...Array(64).keys()].map((index) => index + 1));
  expect(simulated).toBe(false);
  expect(checks.filter(({ result }) => result !== 'pass').map(({ id }) => id)).toEqual([
    'gpu.revocation',
    'gpu.references',
    'gpu.measurements',
  ]);
});

test('firmware that leaves its digest out is skipped with a reason, never passed', async () => {
  const { checks } = await verifyGpuReport(sdk, { now });
  expect(checks.find(({ id }) => id === 'gpu.firmware')).toMatchObject({ result: 'skip' });
});

const chain = fromUtf8(trustee.certChain);
const blocks = chain.match(/-----BEGIN[^]*?END CERTIFICATE-----\n?/g) ?? [];

describe('one refusal for each check', () => {
  test.each<[string, Partial<typeof trustee>, Partial<VerifyGpuReportOptions>]>([
    ['gpu.report-format ERR_EVIDENCE_GPU_REPORT_MALFORMED', { report: concat(trustee.report, Uint8Array.of(0)) }, {}],
    ['gpu.chain-format ERR_EVIDENCE_CERTIFICATE_MALFORMED', { certChain: utf8(blocks.slice(1).join('')) }, {}],
    [
      'gpu.root ERR_EVIDENCE_ROOT_UNTRUSTED',
      {},
      { roots: { device: [], attestationService: [], referenceValues: [] } },
    ],
    [
      'gpu.chain ERR_EVIDENCE_CHAIN_INVALID',
      { certChain: utf8([blocks[0], ...blocks.slice(2, 4), blocks[1]].concat(blocks[4]).join('')) },
      {},
    ],
    ['gpu.validity ERR_EVIDENCE_CERTIFICATE_EXPIRED', {}, { now: Date.parse('2020-01-01T00:00:00Z') }],
    ['gpu.revocation ERR_EVIDENCE_GPU_REVOCATION_MISSING', {}, { revocation: 'require' }],
    ['gpu.arch ERR_EVIDENCE_GPU_ARCH', {}, { arch: 'BLACKWELL' }],
    ['gpu.signature ERR_EVIDENCE_GPU_SIGNATURE', { certChain: sdk.certChain }, {}],
    ['gpu.nonce ERR_EVIDENCE_GPU_NONCE', {}, { nonce: new Uint8Array(32) }],
    ['gpu.driver ERR_EVIDENCE_GPU_DRIVER', {}, { drivers: ['535.86.09'] }],
    ['gpu.vbios ERR_EVIDENCE_GPU_VBIOS', {}, { vbios: ['96.00.5E.00.01'] }],
    ['gpu.measurements ERR_EVIDENCE_GPU_MEASUREMENTS', {}, { references: [] }],
  ])('%s', async (expected, change, options) => {
    expect(await refusal({ ...trustee, ...change }, options)).toBe(expected);
  });
});

test('a report cut at any byte is malformed', () => {
  for (let length = 0; length < trustee.report.length; length++) {
    let code = 'accepted';
    try {
      parseGpuReport(trustee.report.slice(0, length));
    } catch (error) {
      code = isCloisterError(error) ? error.code : 'foreign error';
    }
    expect(code).toBe('ERR_EVIDENCE_GPU_REPORT_MALFORMED');
  }
});

// The long run: CLOISTER_LONG_FUZZ=10000.
const FLIPS = Number(process.env['CLOISTER_LONG_FUZZ'] ?? 150);

test.each([
  ['trustee-hopper', trustee],
  ['sdk-hopper', sdk],
])('%s: no report with one changed byte is accepted', { timeout: 600_000 }, async (_, evidence) => {
  const outcomes = new Set<string>();
  for (let round = 0; round < FLIPS; round++) {
    // A step that shares no factor with the length reaches every byte before it repeats one.
    const at = (round * 1009) % evidence.report.length;
    const report = evidence.report.slice();
    report[at] = (report[at] ?? 0) ^ (1 + ((round * 31) % 255));
    outcomes.add(await refusal({ ...evidence, report }));
  }
  const allowed = ['gpu.report-format ERR_EVIDENCE_GPU_REPORT_MALFORMED', 'gpu.signature ERR_EVIDENCE_GPU_SIGNATURE'];
  expect([...outcomes].filter((outcome) => !allowed.includes(outcome))).toEqual([]);
});

test('no changed byte of a certificate is accepted', async () => {
  const offsets = [...Array(120).keys()].map((round) => (round * 1013) % (trustee.certChain.length * 8));
  for (const bit of offsets) {
    const outcome = await refusal({ ...trustee, certChain: flipBit(trustee.certChain, bit >> 3) });
    expect(outcome).toMatch(/^gpu\.(?:chain-format|root|chain|signature|firmware) ERR_EVIDENCE_/);
  }
});
