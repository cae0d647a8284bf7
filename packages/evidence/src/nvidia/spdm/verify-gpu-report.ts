import { equalBytes, type ErrorDescription } from '@cloister/core';
import { assertChecks, type Check, type CheckCatalogue, type CheckList, createCheckList } from '../../check.ts';
import type { CheckId, EvidenceErrorCode } from '../../codes.ts';
import { COMMON_ERRORS } from '../../errors.ts';
import { verifyEcdsa } from '../../ecdsa/verify-ecdsa.ts';
import { GPU_REPORT_CHECK_IDS } from '../checks.ts';
import { NVIDIA_ERRORS } from '../errors.ts';
import type { GpuArchitecture } from '../gpu-policy.ts';
import { isGenuine, NVIDIA_ROOTS, type NvidiaRoots } from '../nvidia-roots.ts';
import { judgeStatuses } from '../ocsp/judge-statuses.ts';
import { checkDeviceChain, type DeviceChain } from './check-device-chain.ts';
import { checkMeasurements } from './compare-measurements.ts';
import { type GpuReport, parseGpuReport } from './parse-gpu-report.ts';
import type { ReferenceMeasurements } from './reference-measurements.ts';

/** A GPU's report with its certificates. */
export interface GpuReportEvidence {
  /** SPDM request and response. */
  readonly report: Uint8Array;
  /** Five certificates, PEM, the device's first. */
  readonly certChain: Uint8Array;
}

/** What a report is verified with. What is left out is not judged, and the check says so. */
export interface VerifyGpuReportOptions {
  /** Verification time, ms since the epoch. */
  readonly now: number;
  /** NVIDIA's unless said. */
  readonly roots?: NvidiaRoots | undefined;
  /** The nonce that the GPU was asked with, 32 bytes. */
  readonly nonce?: Uint8Array | undefined;
  readonly arch?: GpuArchitecture | undefined;
  /** Accepted driver versions. */
  readonly drivers?: readonly string[] | undefined;
  /** Accepted VBIOS versions. */
  readonly vbios?: readonly string[] | undefined;
  /** `require` refuses without `statuses`, and references whose signers were not judged by such; `unchecked` unless said. */
  readonly revocation?: 'require' | 'unchecked' | undefined;
  /**
   * OCSP responses, DER, for every certificate that NVIDIA issued: the second to the fourth. The first is the chip's own
   * work, about which no service answers.
   */
  readonly statuses?: readonly Uint8Array[] | undefined;
  /** Reference measurements of driver and VBIOS, from `verifyReferenceManifest` of `./rim`. */
  readonly references?: readonly ReferenceMeasurements[] | undefined;
}

/** What a verified report says. */
export interface GpuReportVerdict {
  readonly report: GpuReport;
  /** Names the device: SHA-256 of the key of the chip's own authority, hex. */
  readonly device: string;
  /** The device's own id as the attestation service writes it: the serial number of its certificate, decimal. */
  readonly ueid: string;
  /** Whether the chain ends in a root other than NVIDIA's. */
  readonly simulated: boolean;
  /** Last valid moment of certificates, answers about them and references, ms since the epoch. */
  readonly expiresAt: number;
}

const CHIPS: Readonly<Record<GpuArchitecture, RegExp>> = { HOPPER: /^GH/, BLACKWELL: /^GB/ };
const errors: Readonly<Partial<Record<EvidenceErrorCode, ErrorDescription>>> = { ...COMMON_ERRORS, ...NVIDIA_ERRORS };
const CATALOGUE: CheckCatalogue = { ids: GPU_REPORT_CHECK_IDS, errors };

const NOTHING = 'The caller named nothing to compare with.';

/** Checks `id` only where the caller has something to compare with. */
function compare<Wanted>(
  list: CheckList,
  [id, code]: readonly [CheckId, EvidenceErrorCode],
  wanted: Wanted | undefined,
  holds: (wanted: Wanted) => boolean,
): void {
  if (wanted === undefined) list.skip(id, NOTHING);
  else list.require(id, holds(wanted), code);
}

/** @returns the last moment at which the answers hold, ms since the epoch */
async function checkRevocation(
  list: CheckList,
  { certificates }: DeviceChain,
  { now, revocation = 'unchecked', statuses }: VerifyGpuReportOptions,
): Promise<number> {
  if (statuses === undefined && revocation === 'unchecked') {
    list.skip('gpu.revocation', 'Nobody passed an answer of the vendor about revocation.');
    return Number.POSITIVE_INFINITY;
  }
  const { refusal, expiresAt } = await judgeStatuses(certificates.slice(1), statuses ?? [], now);
  list.require('gpu.revocation', refusal === undefined, refusal ?? 'ERR_EVIDENCE_GPU_REVOCATION_MISSING');
  return expiresAt;
}

function checkFirmware(list: CheckList, report: GpuReport, chain: DeviceChain): void {
  if (report.firmwareId === undefined) {
    list.skip('gpu.firmware', 'Firmware of this version leaves the digest out of its report.');
    return;
  }
  const isSame = chain.firmwareId !== undefined && equalBytes(report.firmwareId, chain.firmwareId);
  list.require('gpu.firmware', isSame, 'ERR_EVIDENCE_GPU_FIRMWARE');
}

function checkContents(list: CheckList, report: GpuReport, chain: DeviceChain, options: VerifyGpuReportOptions): void {
  const { now, roots = NVIDIA_ROOTS, arch, nonce, drivers, vbios, references } = options;
  compare(list, ['gpu.arch', 'ERR_EVIDENCE_GPU_ARCH'], arch, (name) => CHIPS[name].test(chain.chip ?? ''));
  compare(list, ['gpu.nonce', 'ERR_EVIDENCE_GPU_NONCE'], nonce, (bytes) => equalBytes(bytes, report.nonce));
  checkFirmware(list, report, chain);
  const { driverVersion, vbiosVersion } = report;
  compare(list, ['gpu.driver', 'ERR_EVIDENCE_GPU_DRIVER'], drivers, (known) => known.includes(driverVersion));
  compare(list, ['gpu.vbios', 'ERR_EVIDENCE_GPU_VBIOS'], vbios, (known) => known.includes(vbiosVersion));
  if (references === undefined) {
    for (const id of ['gpu.references', 'gpu.measurements'] as const) list.skip(id, NOTHING);
  } else
    checkMeasurements(list, report, references, { now, roots: roots.referenceValues, revocation: options.revocation });
}

/** Runs all checks of one report into `list`; `undefined` when it has none to speak of. The caller decides from the list. */
export async function checkGpuReport(
  list: CheckList,
  evidence: GpuReportEvidence,
  options: VerifyGpuReportOptions,
): Promise<GpuReportVerdict | undefined> {
  const { now, roots = NVIDIA_ROOTS, references = [] } = options;
  const report = list.attempt('gpu.report-format', 'ERR_EVIDENCE_GPU_REPORT_MALFORMED', () =>
    parseGpuReport(evidence.report),
  );
  const chain = await checkDeviceChain(list, evidence.certChain, { now, roots: roots.device });
  const statusesUntil = chain === undefined ? 0 : await checkRevocation(list, chain, options);
  if (report === undefined || chain === undefined) return undefined;
  const isSigned = await verifyEcdsa(chain.leaf.publicKey, report.signed, report.signature);
  if (!list.require('gpu.signature', isSigned, 'ERR_EVIDENCE_GPU_SIGNATURE')) return undefined;
  checkContents(list, report, chain, options);
  return {
    report,
    device: chain.device,
    ueid: BigInt(`0x${chain.leaf.serial}`).toString(),
    simulated: !isGenuine(chain.root, 'device') || references.some(({ simulated }) => simulated),
    expiresAt: Math.min(
      statusesUntil,
      ...chain.certificates.map(({ notAfter }) => notAfter),
      ...references.map(({ expiresAt }) => expiresAt),
    ),
  };
}

/** A list for one report. */
export function createGpuReportList(): CheckList {
  return createCheckList(CATALOGUE);
}

/**
 * Verifies a GPU's own report (SPDM 1.1 measurements): certificates to a trusted root, the signature over request and
 * response, and what the options name. It does not prove that the GPU is attached to this guest: only measured code does.
 * Pure: the same input gives the same verdict.
 * @throws AppraisalError with the code of the first failed check and the whole list in `checks`
 */
export async function verifyGpuReport(
  evidence: GpuReportEvidence,
  options: VerifyGpuReportOptions,
): Promise<GpuReportVerdict & { readonly checks: readonly Check[] }> {
  const list = createGpuReportList();
  const verdict = await checkGpuReport(list, evidence, options);
  const checks = assertChecks(list, { complete: true });
  return { ...(verdict as GpuReportVerdict), checks };
}
