import { createSimulatedGpus, type GpuFault, type SimulatedGpus } from '@cloister/simulator/nvidia';
import { describe, expect, test } from 'vitest';
import { AppraisalError } from '../../check.ts';
import { verifyReferenceManifest } from '../../rim/verify-reference-manifest.ts';
import { parsePemChain } from '../../x509/parse-pem-chain.ts';
import type { GpuCollateral } from '../check-gpus.ts';
import { verifyGpuReport, type VerifyGpuReportOptions } from '../spdm/verify-gpu-report.ts';
import { judgeStatuses } from './judge-statuses.ts';

const DAY = 86_400_000;
const now = Date.parse('2026-11-24T12:00:00Z');
const clock = { now: () => now, monotonic: () => 0 };
const nonce = new Uint8Array(32).fill(3);

function simulate(...faults: readonly GpuFault[]): SimulatedGpus {
  return createSimulatedGpus({ clock, faults });
}

async function outcome(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof AppraisalError ? `${error.subject} ${error.code}` : String(error)),
  );
}

async function verifyReport(gpus: SimulatedGpus, change: Partial<VerifyGpuReportOptions> = {}): Promise<string> {
  const [evidence] = gpus.collect(nonce);
  if (evidence === undefined) throw new Error('there is one GPU');
  const { roots, statuses, policy } = gpus;
  const options = { now, nonce, roots, statuses, revocation: 'require', ...policy, ...change } as const;
  return outcome(verifyGpuReport(evidence, options));
}

async function verifyManifest(gpus: SimulatedGpus, statuses: GpuCollateral['statuses']): Promise<string> {
  const { manifests, roots } = gpus;
  return outcome(Promise.all(manifests.map(async (file) => verifyReferenceManifest(file, { now, roots, statuses }))));
}

test('responses of the issuer or of its responder make a report stand alone', async () => {
  expect(await verifyReport(simulate())).toBe('accepted');
  expect(await verifyManifest(simulate(), simulate().statuses)).toMatch(/REVOCATION_MISSING$/);
  const gpus = simulate();
  expect(await verifyManifest(gpus, gpus.statuses)).toBe('accepted');
});

test('they bound the verdict', async () => {
  const gpus = simulate();
  const [evidence] = gpus.collect(nonce);
  if (evidence === undefined) throw new Error('there is one GPU');
  const { roots, statuses } = gpus;
  expect(await verifyGpuReport(evidence, { now, roots, statuses })).toMatchObject({ expiresAt: now + DAY });
  for (const [time, expected] of [
    [now + DAY, 'accepted'],
    [now + DAY + 1, 'gpu.revocation ERR_EVIDENCE_OCSP_EXPIRED'],
    [now - DAY, 'accepted'],
    [now - DAY - 1, 'gpu.revocation ERR_EVIDENCE_OCSP_EXPIRED'],
  ] as const)
    expect(await verifyReport(gpus, { now: time })).toBe(expected);
});

describe('a chain without a good answer is refused', () => {
  test.each<[GpuFault, string]>([
    ['ocsp-error', 'ERR_EVIDENCE_OCSP_MALFORMED'],
    ['ocsp-revoked', 'ERR_EVIDENCE_CERTIFICATE_REVOKED'],
    ['ocsp-unknown', 'ERR_EVIDENCE_OCSP_UNKNOWN'],
    ['ocsp-expired', 'ERR_EVIDENCE_OCSP_EXPIRED'],
    ['ocsp-other-certificate', 'ERR_EVIDENCE_GPU_REVOCATION_MISSING'],
    ['ocsp-signature-foreign', 'ERR_EVIDENCE_OCSP_SIGNATURE'],
    ['ocsp-responder-foreign', 'ERR_EVIDENCE_OCSP_SIGNATURE'],
    ['ocsp-responder-unappointed', 'ERR_EVIDENCE_OCSP_SIGNATURE'],
    ['ocsp-responder-expired', 'ERR_EVIDENCE_OCSP_EXPIRED'],
  ])('%s: %s', async (fault, code) => {
    const gpus = simulate(fault);
    expect(await verifyReport(gpus)).toBe(`gpu.revocation ${code}`);
    expect(await verifyReport(gpus, { revocation: 'unchecked' })).toBe(`gpu.revocation ${code}`);
    expect(await verifyManifest(gpus, gpus.statuses)).toBe(`rim.revocation ${code}`);
  });

  test('any of the three answers is missing', async () => {
    const gpus = simulate();
    for (const index of [0, 1, 2]) {
      const statuses = gpus.statuses.toSpliced(index, 1);
      expect(await verifyReport(gpus, { statuses })).toBe('gpu.revocation ERR_EVIDENCE_GPU_REVOCATION_MISSING');
    }
    expect(await verifyReport(gpus, { statuses: gpus.statuses.slice(0, 3) })).toBe('accepted');
  });

  test('a good answer beside a bad one about the same certificate', async () => {
    const gpus = simulate();
    const [first = new Uint8Array()] = gpus.statuses;
    const forged = first.slice();
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    expect(await verifyReport(gpus, { statuses: [...gpus.statuses, forged] })).toMatch(/ERR_EVIDENCE_OCSP_/);
  });
});

test('references whose signers were not judged do not satisfy a demand for revocation', async () => {
  const gpus = simulate();
  const { manifests, roots } = gpus;
  for (const [statuses, expected] of [
    [undefined, 'gpu.references ERR_EVIDENCE_GPU_REVOCATION_MISSING'],
    [gpus.statuses, 'accepted'],
  ] as const) {
    const verify = async (file: Uint8Array): ReturnType<typeof verifyReferenceManifest> =>
      verifyReferenceManifest(file, { now, roots, statuses });
    const references = await Promise.all(manifests.map(verify));
    expect(await verifyReport(gpus, { references })).toBe(expected);
    expect(await verifyReport(gpus, { references, revocation: 'unchecked' })).toBe('accepted');
  }
});

test('no response with one changed byte, and no cut, is good', async () => {
  const gpus = simulate();
  const [evidence] = gpus.collect(nonce);
  const chain = parsePemChain(new TextDecoder().decode(evidence?.certChain)).slice(1, 3);
  const [status = new Uint8Array()] = gpus.statuses;
  expect(await judgeStatuses(chain, [status], now)).toMatchObject({ refusal: undefined });
  for (let at = 0; at < status.length; at += 3) {
    const changed = status.slice();
    changed[at] = (changed[at] ?? 0) ^ (1 + ((at * 31) % 255));
    const { refusal } = await judgeStatuses(chain, [changed], now);
    expect(refusal).toMatch(/^ERR_EVIDENCE_/);
    expect((await judgeStatuses(chain, [status.slice(0, at)], now)).refusal).toBe('ERR_EVIDENCE_OCSP_MALFORMED');
  }
});
