import { isCloisterError, toHex } from '@cloister/core';
import { createSimulatedGpus } from '@cloister/simulator/nvidia';
import { createSimulatedSnp, type SimulatedSnp } from '@cloister/simulator/snp';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSimulatedEvidence, DEPLOYMENT, gatherBundle, NOW } from '../../../test/evidence/simulated-bundle.ts';
import {
  appraise,
  type AppraiseOptions,
  encodeEvidenceBundle,
  type EvidenceBundle,
  parseEvidenceBundle,
  parseEvidencePolicy,
  type SnpEvidencePolicy,
} from './index.ts';

const gpus = createSimulatedGpus({ clock: { now: () => NOW } });

let snp: SimulatedSnp;
let own: EvidenceBundle;
let other: EvidenceBundle;
let policy: SnpEvidencePolicy;
let options: AppraiseOptions;

// Two keys of 4096 bits.
beforeAll(async () => {
  snp = await createSimulatedSnp({ clock: { now: () => NOW }, line: 'Turin', gpus });
  own = await gatherBundle(snp.provider);
  // Same machine, another session: what an attacker would splice from.
  other = await gatherBundle(snp.provider, { seed: 99 });
  const { minimumTcb, workload } = snp;
  policy = { tee: 'sev-snp', workload, minimumTcb, deployment: DEPLOYMENT };
  options = { now: NOW, nonce: own.nonce, roots: snp.roots };
}, 120_000);

async function codeOf(
  bundle: EvidenceBundle,
  changes: Partial<AppraiseOptions> = {},
  demands: object = {},
): Promise<string> {
  return appraise(bundle, { ...policy, ...demands } as SnpEvidencePolicy, { ...options, ...changes }).then(
    () => 'accept',
    (error: unknown) => (isCloisterError(error) ? error.code : 'foreign error'),
  );
}

describe('an accepted appraisal', () => {
  test('names TEE, floors met, measurements and what the host gave', async () => {
    const identity = await appraise(own, policy, options);
    expect(identity).toMatchObject({
      tee: 'sev-snp',
      simulated: true,
      tcbStatus: 'MeetsFloor',
      workload: snp.workload.hostData,
      measurements: snp.measurements,
      deployment: DEPLOYMENT,
    });
    expect(identity.inputs.map(({ name }) => name)).toContain('collateral.list.0');
  });

  test('is the same in a second process: from the encoded bundle, byte for byte', async () => {
    const again = parseEvidenceBundle(encodeEvidenceBundle(own));
    expect(await appraise(again, policy, options)).toEqual(await appraise(own, policy, options));
  });

  test('has another digest for another image, given workload or kind of TEE', async () => {
    const digests = [toHex((await appraise(own, policy, options)).digest)];
    for (const pin of ['measurement', 'hostData'] as const) {
      const length = snp.measurements[pin].length / 2;
      const machine = await createSimulatedSnp({
        clock: { now: () => NOW },
        measurements: { [pin]: new Uint8Array(length).fill(3) },
      });
      const { minimumTcb, workload, roots } = machine;
      const bundle = await gatherBundle(machine.provider);
      const identity = await appraise(
        bundle,
        { tee: 'sev-snp', workload, minimumTcb, deployment: DEPLOYMENT },
        { ...options, roots },
      );
      digests.push(toHex(identity.digest));
    }
    expect(new Set(digests).size).toBe(3);
  });
});

describe('a refusal', () => {
  test('of each part from another genuine session of the same machine; each session holds whole', async () => {
    expect(await codeOf(own)).toBe('accept');
    expect(await codeOf(other, { nonce: other.nonce })).toBe('accept');
    const { nonce, nonceProof, keyset, cpu, gpus: devices } = other;
    expect(await codeOf({ ...own, nonce, nonceProof })).toBe('ERR_EVIDENCE_NONCE_MISMATCH');
    expect(await codeOf({ ...own, nonce, nonceProof }, { nonce })).toBe('ERR_EVIDENCE_REPORT_DATA_MISMATCH');
    expect(await codeOf({ ...own, keyset })).toBe('ERR_EVIDENCE_REPORT_DATA_MISMATCH');
    expect(await codeOf({ ...own, cpu })).toBe('ERR_EVIDENCE_REPORT_DATA_MISMATCH');
    expect(await codeOf({ ...own, gpus: devices })).toBe('ERR_EVIDENCE_REPORT_DATA_MISMATCH');
    const clock = { now: (): number => NOW };
    const stranger = await createSimulatedSnp({ clock, line: 'Turin', faults: ['list-foreign'] });
    const { certs } = snp.collateral;
    const { certs: otherCerts, crls } = stranger.collateral;
    expect(await codeOf(own, { snpCollateral: { certs: otherCerts } })).toBe('ERR_EVIDENCE_ROOT_UNTRUSTED');
    expect(await codeOf(own, { snpCollateral: { certs, crls } })).toBe('ERR_EVIDENCE_CRL_INVALID');
  });

  test('under production roots, and of the other kind of TEE', async () => {
    expect(await codeOf(own, { roots: undefined })).toBe('ERR_EVIDENCE_ROOT_UNTRUSTED');
    const tdx = await createSimulatedEvidence();
    expect(await codeOf(tdx.bundle, { nonce: tdx.nonce })).toBe('ERR_EVIDENCE_TEE_MISMATCH');
  });

  test('without certificates or list; collateral of the caller takes their place', async () => {
    if (own.cpu.tee !== 'sev-snp') throw new Error('the simulator speaks SEV-SNP');
    const { report, certs, crls } = own.cpu;
    const bare: EvidenceBundle = { ...own, cpu: { tee: 'sev-snp', report } };
    expect(await codeOf(bare)).toBe('ERR_EVIDENCE_SNP_CERTIFICATES_MISSING');
    expect(await codeOf({ ...own, cpu: { tee: 'sev-snp', report, certs: certs ?? [] } })).toBe(
      'ERR_EVIDENCE_SNP_LIST_MISSING',
    );
    expect(await codeOf(bare, { snpCollateral: { certs, crls } })).toBe('accept');
  });

  test.each([
    ['no floor', { minimumTcb: undefined }, 'ERR_EVIDENCE_POLICY_INVALID'],
    ['an empty floor', { minimumTcb: {} }, 'ERR_EVIDENCE_POLICY_INVALID'],
    ['a floor without a part', { minimumTcb: { Genoa: { snp: 1 } } }, 'ERR_EVIDENCE_POLICY_INVALID'],
    [
      'a part of another line',
      { minimumTcb: { Genoa: { fmc: 1, bootloader: 1, tee: 0, snp: 1, microcode: 1 } } },
      'ERR_EVIDENCE_POLICY_INVALID',
    ],
    [
      'a floor of another line',
      { minimumTcb: { Genoa: { bootloader: 0, tee: 0, snp: 0, microcode: 0 } } },
      'ERR_EVIDENCE_SNP_TCB_TOO_OLD',
    ],
    ['the digest of no ID key', { workload: { idKeyDigest: '00'.repeat(48) } }, 'ERR_EVIDENCE_POLICY_UNPINNED'],
    ['what the host gave alone', { workload: { hostData: '00'.repeat(32) } }, 'ERR_EVIDENCE_POLICY_UNPINNED'],
    ['an unknown member', { vcek: true }, 'ERR_EVIDENCE_POLICY_INVALID'],
    ['no deployment', { deployment: undefined }, 'ERR_EVIDENCE_POLICY_UNPINNED'],
  ])('of a policy with %s', async (_, change, code) => {
    const given: Record<string, unknown> = { ...policy, ...change };
    for (const [name, value] of Object.entries(given)) if (value === undefined) Reflect.deleteProperty(given, name);
    const attempt = async (): Promise<string> =>
      codeOf(own, {}, {})
        .then(() => appraise(own, parseEvidencePolicy(given), options))
        .then(() => 'accept');
    await expect(attempt()).rejects.toMatchObject({ code });
  });
});
