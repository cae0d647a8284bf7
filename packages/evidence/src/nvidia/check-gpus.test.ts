import { createSimulatedGpus, type GpuFault, type SimulatedGpus } from '@cloister/simulator/nvidia';
import { describe, expect, test } from 'vitest';
import { createCheckList } from '../check.ts';
import { COMMON_ERRORS } from '../errors.ts';
import { checkGpus, type GpuCollateral, type GpuFindings, type GpuQuestion } from './check-gpus.ts';
import { GPU_CHECK_IDS } from './checks.ts';
import { NVIDIA_ERRORS } from './errors.ts';
import type { GpuPolicy } from './gpu-policy.ts';
import { verifyReferenceManifest } from '../rim/verify-reference-manifest.ts';
import type { ReferenceMeasurements } from './spdm/reference-measurements.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const clock = { now: () => now, monotonic: () => 0 };
const nonce = new Uint8Array(32).fill(7);

async function judge(
  gpus: SimulatedGpus,
  policy: Partial<GpuPolicy>,
  change: Partial<GpuQuestion> = {},
): Promise<{ findings: GpuFindings; outcome: string; skipped: readonly string[] }> {
  const list = createCheckList({ ids: GPU_CHECK_IDS, errors: { ...COMMON_ERRORS, ...NVIDIA_ERRORS } });
  const given = { gpus: gpus.collect(nonce), nonce, now, roots: gpus.roots, collateral: { keys: gpus.keys } };
  const findings = await checkGpus(list, { ...given, policy: { ...gpus.policy, ...policy }, ...change });
  const failed = list.entries().find(({ result }) => result === 'fail');
  const skipped = list.entries().filter(({ result }) => result === 'skip');
  const outcome = failed === undefined ? 'accepted' : `${failed.id} ${failed.code}`;
  return { findings, outcome, skipped: skipped.map(({ id }) => id) };
}

const simulate = (...faults: GpuFault[]): SimulatedGpus => createSimulatedGpus({ clock, count: 2, faults });
const alone = { evidence: 'local', revocation: 'unchecked', measurements: 'unchecked' } as const;

test.each<[Partial<GpuPolicy>, readonly string[]]>([
  [{}, ['gpu.revocation', 'gpu.references', 'gpu.measurements']],
  [{ evidence: 'both' }, ['gpu.revocation', 'gpu.references', 'gpu.measurements']],
])('%j: reports and token together leave three checks to the token', async (policy, skipped) => {
  const verdict = await judge(simulate(), policy);
  expect(verdict).toMatchObject({ outcome: 'accepted', skipped, findings: { simulated: true } });
  expect(verdict.findings.expiresAt).toBe(now - 60_000 + 3_600_000);
});

test('the reports or the token alone, when the policy says so', async () => {
  expect(await judge(simulate(), alone)).toMatchObject({ outcome: 'accepted' });
  expect(await judge(simulate(), { evidence: 'remote' })).toMatchObject({ outcome: 'accepted' });
});

describe('a report alone agrees with its references, or is refused', () => {
  const policy = { evidence: 'local', revocation: 'unchecked' } as const;
  const measurements = 'gpu.measurements ERR_EVIDENCE_GPU_MEASUREMENTS';
  const unknown = 'gpu.references ERR_EVIDENCE_GPU_REFERENCES';

  const verify = async ({ manifests, roots }: SimulatedGpus): Promise<readonly ReferenceMeasurements[]> =>
    Promise.all(manifests.map(async (manifest) => verifyReferenceManifest(manifest, { now, roots })));
  const compare = async (
    gpus: SimulatedGpus,
    references: GpuCollateral['references'],
    change: Partial<GpuQuestion> = {},
  ): Promise<string> => (await judge(gpus, policy, { collateral: { references }, ...change })).outcome;

  test('with both, which bound the verdict too', async () => {
    const gpus = simulate();
    const references = await verify(gpus);
    expect(await compare(gpus, references)).toBe('accepted');
    const { findings } = await judge(gpus, policy, { collateral: { references } });
    expect(findings.expiresAt).toBe(Math.min(...references.map(({ expiresAt }) => expiresAt)));
  });

  test.each<GpuFault>([
    'report-measurement-other',
    'manifest-measurement-other',
    'manifest-index-conflict',
    'manifest-version-other',
  ])('with %s', async (fault) => {
    const gpus = simulate(fault);
    expect(await compare(gpus, await verify(gpus))).toBe(measurements);
  });

  test('with none, one, or one kind twice', async () => {
    const gpus = simulate();
    const [driver, ...rest] = await verify(gpus);
    if (driver === undefined) throw new Error('there is a driver');
    expect(await compare(gpus, [])).toBe(measurements);
    expect(await compare(gpus, [driver])).toBe(measurements);
    expect(await compare(gpus, [driver, driver, ...rest])).toBe(measurements);
  });

  test('with a copy, with those of another root, or too late', async () => {
    const gpus = simulate();
    const references = await verify(gpus);
    expect(
      await compare(
        gpus,
        references.map((reference) => ({ ...reference })),
      ),
    ).toBe(unknown);
    expect(await compare(gpus, await verify(simulate()))).toBe(unknown);
    expect(await compare(gpus, references, { now: now + 2 * 86_400_000 })).toBe(unknown);
  });
});

describe('refusals', () => {
  test.each<[string, Partial<GpuPolicy>, GpuFault[]]>([
    ['gpu.evidence ERR_EVIDENCE_GPU_MISSING', { count: 3 }, []],
    ['gpu.evidence ERR_EVIDENCE_GPU_MISSING', { arch: 'BLACKWELL' }, []],
    ['gpu.revocation ERR_EVIDENCE_GPU_REVOCATION_MISSING', { evidence: 'local', measurements: 'unchecked' }, []],
    ['gpu.measurements ERR_EVIDENCE_GPU_MEASUREMENTS', { evidence: 'local', revocation: 'unchecked' }, []],
    ['gpu.distinct ERR_EVIDENCE_GPU_DUPLICATE', {}, ['same-device-twice']],
    ['gpu.driver ERR_EVIDENCE_GPU_DRIVER', {}, ['driver-old']],
    ['nras.secure-boot ERR_EVIDENCE_NRAS_SECURE_BOOT', {}, ['token-secure-boot-off']],
    ['nras.same-devices ERR_EVIDENCE_NRAS_OTHER_DEVICES', {}, ['token-other-devices']],
  ])('%s', async (outcome, policy, faults) => {
    expect(await judge(simulate(...faults), policy)).toMatchObject({ outcome });
  });

  test.each<[string, (gpus: SimulatedGpus, other: SimulatedGpus) => Partial<GpuQuestion>]>([
    ['gpu.evidence ERR_EVIDENCE_GPU_MISSING', () => ({ gpus: [] })],
    ['gpu.root ERR_EVIDENCE_ROOT_UNTRUSTED', () => ({ roots: undefined })],
    ['gpu.nonce ERR_EVIDENCE_GPU_NONCE', () => ({ nonce: new Uint8Array(32) })],
    [
      'gpu.evidence ERR_EVIDENCE_GPU_MISSING',
      (gpus) => ({ gpus: gpus.collect(nonce).map(({ arch, report, certChain }) => ({ arch, report, certChain })) }),
    ],
    [
      'gpu.evidence ERR_EVIDENCE_GPU_MISSING',
      (gpus) => ({ gpus: [...gpus.collect(nonce).slice(0, 1), ...gpus.collect(nonce).slice(1)] }),
    ],
    ['gpu.root ERR_EVIDENCE_ROOT_UNTRUSTED', (_, other) => ({ gpus: other.collect(nonce) })],
  ])('%s for another bundle', async (outcome, change) => {
    const gpus = simulate();
    expect(await judge(gpus, {}, change(gpus, simulate()))).toMatchObject({ outcome });
  });
});

test('evidence that nobody asked for is skipped, and says so', async () => {
  const { findings, outcome, skipped } = await judge(simulate(), {}, { policy: undefined });
  expect(outcome).toBe('accepted');
  expect(skipped).toEqual(GPU_CHECK_IDS);
  expect(findings.expiresAt).toBe(Number.POSITIVE_INFINITY);
});
