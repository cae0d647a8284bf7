import { createSimulatedSnp, SNP_FAULTS, type SimulatedSnpOptions, type SnpFault } from '@cloister/simulator/snp';
import { beforeAll, describe, expect, test } from 'vitest';
import { NOW } from '../../../../test/evidence/simulated-bundle.ts';
import { AppraisalError, type Check } from '../check.ts';
import type { CheckId, EvidenceErrorCode } from '../codes.ts';
import { SNP_CHECK_IDS, type SnpCheckId } from './checks.ts';
import type { SnpPolicy } from './snp-policy.ts';
import { type SnpVerdict, verifySnpReport, type VerifySnpReportOptions } from './verify-snp-report.ts';

const VLEK: SimulatedSnpOptions = { signer: 'vlek' };

/** The check that each fault fails, and no other; with what kind of machine where not the usual one. */
const EXPECTED: Readonly<Record<SnpFault, readonly [SnpCheckId, EvidenceErrorCode, SimulatedSnpOptions?]>> = {
  'report-reserved-set': ['report.format', 'ERR_EVIDENCE_SNP_REPORT_MALFORMED'],
  'report-version-unknown': ['report.format', 'ERR_EVIDENCE_SNP_VERSION_UNSUPPORTED'],
  'report-wrapped': ['report.format', 'ERR_EVIDENCE_SNP_AZURE_UNSUPPORTED'],
  'line-unknown': ['report.line', 'ERR_EVIDENCE_SNP_LINE_UNSUPPORTED'],
  unsigned: ['report.signer', 'ERR_EVIDENCE_SNP_SIGNER_UNSUPPORTED'],
  'chip-key-masked': ['report.signer', 'ERR_EVIDENCE_SNP_SIGNER_UNSUPPORTED'],
  'certificate-missing': ['vek.format', 'ERR_EVIDENCE_SNP_CERTIFICATES_MISSING'],
  'certificate-malformed': ['vek.format', 'ERR_EVIDENCE_DER_MALFORMED'],
  'root-foreign': ['ark.root', 'ERR_EVIDENCE_ROOT_UNTRUSTED'],
  'root-name-foreign': ['vek.chain', 'ERR_EVIDENCE_CHAIN_INVALID'],
  'authority-name-foreign': ['vek.chain', 'ERR_EVIDENCE_CHAIN_INVALID'],
  'authority-signature-foreign': ['vek.chain', 'ERR_EVIDENCE_CHAIN_INVALID'],
  'authority-not-one': ['vek.chain', 'ERR_EVIDENCE_CHAIN_INVALID'],
  'vek-name-foreign': ['vek.chain', 'ERR_EVIDENCE_CHAIN_INVALID'],
  'vek-signature-foreign': ['vek.chain', 'ERR_EVIDENCE_CHAIN_INVALID'],
  'vek-issuer-foreign': ['vek.chain', 'ERR_EVIDENCE_CHAIN_INVALID'],
  'vek-key-of-other-curve': ['vek.chain', 'ERR_EVIDENCE_CHAIN_INVALID'],
  'vek-expired': ['vek.validity', 'ERR_EVIDENCE_CERTIFICATE_EXPIRED'],
  'vek-not-yet-valid': ['vek.validity', 'ERR_EVIDENCE_CERTIFICATE_EXPIRED'],
  'authority-expired': ['vek.validity', 'ERR_EVIDENCE_CERTIFICATE_EXPIRED'],
  'vek-extension-missing': ['vek.extensions', 'ERR_EVIDENCE_SNP_EXTENSIONS_MALFORMED'],
  'vek-of-other-line': ['vek.line', 'ERR_EVIDENCE_SNP_LINE_MISMATCH'],
  'report-of-other-line': ['vek.line', 'ERR_EVIDENCE_SNP_LINE_MISMATCH'],
  'tcb-reserved-set': ['report.tcb-format', 'ERR_EVIDENCE_SNP_TCB_MALFORMED'],
  'vek-of-other-tcb': ['vek.tcb', 'ERR_EVIDENCE_SNP_TCB_MISMATCH'],
  'report-of-other-chip': ['vek.chip', 'ERR_EVIDENCE_SNP_CHIP_MISMATCH'],
  'list-missing': ['ark-crl.signature', 'ERR_EVIDENCE_SNP_LIST_MISSING'],
  'list-malformed': ['ark-crl.signature', 'ERR_EVIDENCE_DER_MALFORMED'],
  'list-foreign': ['ark-crl.signature', 'ERR_EVIDENCE_CRL_INVALID'],
  'list-of-other-issuer': ['ark-crl.signature', 'ERR_EVIDENCE_CRL_INVALID'],
  'list-expired': ['ark-crl.validity', 'ERR_EVIDENCE_CRL_EXPIRED'],
  'list-not-yet-valid': ['ark-crl.validity', 'ERR_EVIDENCE_CRL_EXPIRED'],
  'authority-revoked': ['ark-crl.revocation', 'ERR_EVIDENCE_CERTIFICATE_REVOKED'],
  'vek-revoked': ['ark-crl.revocation', 'ERR_EVIDENCE_CERTIFICATE_REVOKED'],
  'report-signature-foreign': ['report.signature', 'ERR_EVIDENCE_SNP_SIGNATURE'],
  'report-data-changed': ['report.signature', 'ERR_EVIDENCE_SNP_SIGNATURE'],
  'reported-ahead': ['firmware.order', 'ERR_EVIDENCE_SNP_TCB_ORDER'],
  'committed-ahead': ['firmware.order', 'ERR_EVIDENCE_SNP_TCB_ORDER'],
  'committed-version-ahead': ['firmware.order', 'ERR_EVIDENCE_SNP_TCB_ORDER'],
  provisional: ['firmware.committed', 'ERR_EVIDENCE_SNP_PROVISIONAL'],
  'tcb-old': ['firmware.reported-floor', 'ERR_EVIDENCE_SNP_TCB_TOO_OLD'],
  'launch-tcb-old': ['firmware.launch-floor', 'ERR_EVIDENCE_SNP_LAUNCH_TCB_TOO_OLD'],
  'firmware-old': ['firmware.version-floor', 'ERR_EVIDENCE_SNP_FIRMWARE_TOO_OLD'],
  'mitigation-missing': ['firmware.mitigations', 'ERR_EVIDENCE_SNP_MITIGATION_MISSING'],
  debug: ['guest.debug', 'ERR_EVIDENCE_SNP_DEBUG'],
  migratable: ['guest.migration', 'ERR_EVIDENCE_SNP_MIGRATION'],
  'abi-old': ['guest.abi', 'ERR_EVIDENCE_SNP_ABI_TOO_OLD'],
  'many-sockets': ['guest.policy', 'ERR_EVIDENCE_SNP_POLICY'],
  'privilege-lower': ['guest.vmpl', 'ERR_EVIDENCE_SNP_VMPL'],
  'asked-by-host': ['guest.vmpl', 'ERR_EVIDENCE_SNP_VMPL'],
  'guest-old': ['guest.svn', 'ERR_EVIDENCE_SNP_GUEST_SVN_TOO_OLD'],
  'platform-bit-unknown': ['platform.reserved', 'ERR_EVIDENCE_SNP_PLATFORM_RESERVED'],
  'alias-unchecked': ['platform.info', 'ERR_EVIDENCE_SNP_PLATFORM'],
  'provider-other': ['allow.signer', 'ERR_EVIDENCE_SNP_SIGNER_NOT_ACCEPTED', VLEK],
  'chip-other': ['allow.chip', 'ERR_EVIDENCE_SNP_CHIP_NOT_ACCEPTED'],
  'measurement-other': ['pin.measurement', 'ERR_EVIDENCE_MEASUREMENT_MISMATCH'],
  'host-data-other': ['pin.hostData', 'ERR_EVIDENCE_MEASUREMENT_MISMATCH'],
  'id-key-other': ['pin.idKeyDigest', 'ERR_EVIDENCE_MEASUREMENT_MISMATCH'],
  'author-key-other': ['pin.authorKeyDigest', 'ERR_EVIDENCE_MEASUREMENT_MISMATCH'],
  'author-key-unused': ['pin.authorKeyDigest', 'ERR_EVIDENCE_MEASUREMENT_MISMATCH'],
  'family-other': ['pin.familyId', 'ERR_EVIDENCE_MEASUREMENT_MISMATCH'],
  'image-other': ['pin.imageId', 'ERR_EVIDENCE_MEASUREMENT_MISMATCH'],
};

type Verified = SnpVerdict & { readonly checks: readonly Check[] };
type Options = Partial<VerifySnpReportOptions> & { readonly isBare?: boolean };

let chipIds: readonly string[] = [];

/** A policy that asks for everything that can be asked for, of the simulated machine without faults. */
function demandAll(
  { minimumTcb, measurements }: Pick<Awaited<ReturnType<typeof createSimulatedSnp>>, 'minimumTcb' | 'measurements'>,
  { signer = 'vcek', version = 5 }: SimulatedSnpOptions,
): SnpPolicy {
  return {
    workload: measurements,
    minimumTcb,
    minimumLaunchTcb: minimumTcb,
    minimumFirmware: { major: 1, minor: 55, build: 21 },
    committedFirmware: true,
    minimumAbi: { major: 1, minor: 55 },
    guestPolicy: { smt: true, singleSocket: true, cxl: false },
    platform: { smt: true, ecc: true, aliasCheckComplete: true },
    minimumGuestSvn: 4,
    signers: [signer],
    ...(signer === 'vlek' ? { providers: ['provider.example'] } : {}),
    ...(version === 5 ? { mitigations: { launch: '3', current: '9' } } : {}),
    chipIds,
  };
}

async function verify(
  simulation: SimulatedSnpOptions,
  { isBare = false, ...options }: Options = {},
): Promise<Verified> {
  const snp = await createSimulatedSnp({ clock: { now: () => NOW }, ...simulation });
  const evidence = await snp.provider.collect(new Uint8Array(64).fill(9));
  if (evidence.tee !== 'sev-snp') throw new Error('the simulator speaks SEV-SNP');
  const demands = isBare ? {} : demandAll(snp, simulation);
  return verifySnpReport(evidence.report, { now: NOW, roots: snp.roots, ...snp.collateral, ...demands, ...options });
}

async function failuresOf(attempt: Promise<unknown>): Promise<readonly (readonly [CheckId, string | undefined])[]> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppraisalError);
  return (error as AppraisalError).checks.filter(({ result }) => result === 'fail').map(({ id, code }) => [id, code]);
}

// The vendor's two keys of 4096 bits are made once.
beforeAll(async () => {
  const { chipId = '' } = await verify({}, { isBare: true });
  const { chipId: onTurin = '' } = await verify({ line: 'Turin' }, { isBare: true });
  chipIds = [chipId, onTurin];
}, 120_000);

describe('a simulated machine without faults', () => {
  const kinds = (['Milan', 'Genoa', 'Turin'] as const).flatMap((line) =>
    (['vcek', 'vlek'] as const).flatMap((signer) =>
      ([2, 3, 4, 5] as const).map((version): Required<Pick<SimulatedSnpOptions, 'line' | 'signer' | 'version'>> => ({
        line,
        signer,
        version,
      })),
    ),
  );

  test.each(kinds)('$line, $signer, version $version is accepted, with every check that applies', async (kind) => {
    const verdict = await verify(kind);
    expect(verdict).toMatchObject({ line: kind.line, signer: kind.signer, simulated: true });
    expect(verdict.report.version).toBe(kind.version);
    expect(verdict.tcbs.reported.fmc).toBe(kind.line === 'Turin' ? 1 : undefined);
    expect(verdict.providerId).toBe(kind.signer === 'vlek' ? 'provider.example' : undefined);
    const skipped = verdict.checks.filter(({ result }) => result !== 'pass').map(({ id }) => id);
    const inapplicable = [
      ...(kind.signer === 'vlek' ? ['vek.chip'] : []),
      ...(kind.version < 5 ? ['firmware.mitigations'] : []),
    ];
    expect(skipped).toEqual(inapplicable);
  });

  test.each(kinds)('$line, $signer, version $version is refused under production roots', async (kind) => {
    const code = 'ERR_EVIDENCE_ROOT_UNTRUSTED';
    expect(await failuresOf(verify(kind, { roots: undefined }))).toContainEqual(['ark.root', code]);
    expect(await failuresOf(verify(kind, { roots: undefined, mode: 'cryptography' }))).toContainEqual([
      'ark.root',
      code,
    ]);
  });

  test('of another process is not accepted under these roots', async () => {
    const { roots } = await createSimulatedSnp();
    expect(await failuresOf(verify({}, { roots }))).toContainEqual(['ark.root', 'ERR_EVIDENCE_ROOT_UNTRUSTED']);
  });
});

describe('a simulated machine', () => {
  test.each(SNP_FAULTS)('with fault %s is refused by the check that is about it, and by no other', async (fault) => {
    const [id, code, simulation] = EXPECTED[fault];
    expect(await failuresOf(verify({ ...simulation, faults: [fault] }))).toEqual([[id, code]]);
  });

  test.each(SNP_FAULTS)('with fault %s is refused under production roots', async (fault) => {
    const [, , simulation] = EXPECTED[fault];
    expect(await failuresOf(verify({ ...simulation, faults: [fault] }, { roots: undefined }))).not.toEqual([]);
    expect(
      await failuresOf(verify({ ...simulation, faults: [fault] }, { roots: undefined, mode: 'cryptography' })),
    ).not.toEqual([]);
  });

  test('has a fault for every check of a report', () => {
    const covered = new Set<string>(Object.values(EXPECTED).map(([id]) => id));
    expect(SNP_CHECK_IDS.filter((id) => !covered.has(id))).toEqual([]);
  });
});
