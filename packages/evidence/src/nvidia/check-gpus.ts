import type { GpuEvidence } from '@cloister/core';
import type { Check, CheckList } from '../check.ts';
import type { CheckId } from '../codes.ts';
import { GPU_CHECK_IDS, GPU_REPORT_CHECK_IDS, NRAS_CHECK_IDS } from './checks.ts';
import type { GpuPolicy } from './gpu-policy.ts';
import type { NrasKeys } from './nras/check-nras-key.ts';
import { checkNrasToken, type NrasVerdict } from './nras/verify-nras-token.ts';
import type { NvidiaRoots } from './nvidia-roots.ts';
import type { ReferenceMeasurements } from './spdm/reference-measurements.ts';
import { checkGpuReport, createGpuReportList, type GpuReportVerdict } from './spdm/verify-gpu-report.ts';

/** What GPUs are judged by, from NVIDIA's services. */
export interface GpuCollateral {
  /** Certificates of the attestation service's keys by key id. */
  readonly keys?: NrasKeys | undefined;
  /** OCSP responses for the devices' certificates, DER: all but their own and the root's. */
  readonly statuses?: readonly Uint8Array[] | undefined;
  /** Reference measurements of drivers and VBIOSes, from `verifyReferenceManifest` of `./rim`. */
  readonly references?: readonly ReferenceMeasurements[] | undefined;
}

/** What `checkGpus` works on. */
export interface GpuQuestion {
  readonly gpus: readonly GpuEvidence[];
  /** What the client demands; nothing when left out. */
  readonly policy: GpuPolicy | undefined;
  /** The nonce of the GPUs (`createGpuNonce`), 32 bytes. */
  readonly nonce: Uint8Array;
  /** Verification time, ms since the epoch. */
  readonly now: number;
  /** None are trusted when left out. */
  readonly roots?: NvidiaRoots | undefined;
  readonly collateral?: GpuCollateral | undefined;
}

/** What the evidence of all GPUs says. */
export interface GpuFindings {
  readonly simulated: boolean;
  /** Last valid moment of all that was relied on, ms since the epoch. */
  readonly expiresAt: number;
}

interface Verdict {
  readonly simulated: boolean;
  readonly expiresAt: number;
}

const NO_ROOTS: NvidiaRoots = { device: [], attestationService: [], referenceValues: [] };

function skipAll(list: CheckList, ids: readonly CheckId[], reason: string): void {
  for (const id of ids) list.skip(id, reason);
}

/** The service's answer about all GPUs travels with each of them; there is one or the evidence is not of one piece. */
function findToken(gpus: readonly GpuEvidence[]): string | undefined {
  const [token, ...more] = new Set(gpus.map(({ nrasToken }) => nrasToken));
  return more.length === 0 ? token : undefined;
}

/** The worst of what the lists of all GPUs say of one check: a failure, else what did not run, else a pass. */
function merge(list: CheckList, parts: readonly (readonly Check[])[]): void {
  for (const [index, id] of GPU_REPORT_CHECK_IDS.entries()) {
    const results = parts.map((checks) => checks[index]);
    const failure = results.find((check) => check?.result === 'fail');
    const skip = results.find((check) => check?.result === 'skip');
    if (failure?.code !== undefined) list.require(id, false, failure.code);
    else if (skip?.reason !== undefined) list.skip(id, skip.reason);
    else list.require(id, true, 'ERR_EVIDENCE_GPU_MISSING');
  }
}

async function checkReports(
  list: CheckList,
  { gpus, nonce, now, roots = NO_ROOTS, collateral }: GpuQuestion,
  policy: GpuPolicy,
): Promise<readonly (GpuReportVerdict | undefined)[]> {
  // Beside a token the service has spoken on revocation and measurements; without one the report has to stand alone.
  const isAlone = policy.evidence === 'local';
  const references = collateral?.references ?? (isAlone && policy.measurements !== 'unchecked' ? [] : undefined);
  const revocation = isAlone ? (policy.revocation ?? 'require') : 'unchecked';
  const { arch, drivers, vbios } = policy;
  const statuses = collateral?.statuses;
  const options = { now, roots, nonce, arch, drivers, vbios, revocation, statuses, references } as const;
  const judged = await Promise.all(
    gpus.map(async (gpu) => {
      const own = createGpuReportList();
      return { verdict: await checkGpuReport(own, gpu, options), checks: own.entries() };
    }),
  );
  merge(
    list,
    judged.map(({ checks }) => checks),
  );
  const verdicts = judged.map(({ verdict }) => verdict);
  const devices = verdicts.flatMap((verdict) => (verdict === undefined ? [] : [verdict.device]));
  list.require('gpu.distinct', new Set(devices).size === devices.length, 'ERR_EVIDENCE_GPU_DUPLICATE');
  return verdicts;
}

/** The service names a device by the serial number of its certificate. */
function checkSameDevices(list: CheckList, token: NrasVerdict, reports: readonly GpuReportVerdict[]): void {
  const named = new Set(token.devices.map(({ ueid }) => ueid));
  const isSame = reports.length === named.size && reports.every(({ ueid }) => named.has(ueid));
  list.require('nras.same-devices', isSame, 'ERR_EVIDENCE_NRAS_OTHER_DEVICES');
}

function summarize(verdicts: readonly (Verdict | undefined)[]): GpuFindings {
  return {
    simulated: verdicts.some((verdict) => verdict?.simulated !== false),
    expiresAt: Math.min(...verdicts.map((verdict) => verdict?.expiresAt ?? 0)),
  };
}

async function checkDemanded(list: CheckList, question: GpuQuestion, policy: GpuPolicy): Promise<GpuFindings> {
  const { gpus, nonce, now, roots = NO_ROOTS, collateral } = question;
  const wanted = policy.evidence ?? 'both';
  const token = wanted === 'local' ? undefined : findToken(gpus);
  const isThere = gpus.length === policy.count && gpus.every(({ arch }) => arch === policy.arch);
  const isComplete = isThere && (wanted === 'local' || token !== undefined);
  list.require('gpu.evidence', isComplete, 'ERR_EVIDENCE_GPU_MISSING');
  const reports = wanted === 'remote' ? [] : await checkReports(list, question, policy);
  if (wanted === 'remote') {
    skipAll(list, [...GPU_REPORT_CHECK_IDS, 'gpu.distinct'], 'The policy asks for the token alone.');
  }
  if (wanted === 'local') {
    skipAll(list, [...NRAS_CHECK_IDS, 'nras.same-devices'], 'The policy asks for the reports alone.');
    return summarize(reports);
  }
  const options = { ...policy, now, nonce, roots, keys: collateral?.keys };
  const verdict = token === undefined ? undefined : await checkNrasToken(list, token, options);
  if (wanted === 'remote') list.skip('nras.same-devices', 'The policy asks for the token alone.');
  else if (verdict !== undefined && reports.every((report) => report !== undefined))
    checkSameDevices(list, verdict, reports);
  return summarize([...reports, verdict]);
}

/**
 * Checks the evidence of all GPUs of a bundle as the policy demands; every check of `GPU_CHECK_IDS` runs or says why not.
 * Evidence that the policy does not ask for is not verified, and the list says so.
 */
export async function checkGpus(list: CheckList, question: GpuQuestion): Promise<GpuFindings> {
  if (question.policy !== undefined) return checkDemanded(list, question, question.policy);
  const isEmpty = question.gpus.length === 0;
  const reason = isEmpty
    ? 'The policy names no GPU, and the bundle holds none.'
    : 'Bound into the quote but not verified: the policy names no GPU.';
  skipAll(list, GPU_CHECK_IDS, reason);
  return { simulated: false, expiresAt: Number.POSITIVE_INFINITY };
}
