import { lengthPrefixed, toHex } from '@cloister/core';
import type { AppraiseOptions } from './appraise-options.ts';
import type { EvidenceBundle } from './bundle/evidence-bundle.ts';
import type { CheckList } from './check.ts';
import type { EnclaveTcbStatus } from './enclave-identity.ts';
import type { EvidencePolicy, SnpEvidencePolicy, TdxEvidencePolicy } from './policy/evidence-policy.ts';
import { createSnpContext } from './snp/snp-context.ts';
import { SNP_PINS } from './snp/snp-policy.ts';
import { checkSnpReport } from './snp/verify-snp-report.ts';
import { checkTdxPolicy } from './tdx/check-tdx-policy.ts';
import { PINS } from './tdx/quote-types.ts';
import { createTdxContext } from './tdx/tdx-context.ts';
import { checkTdxQuote } from './tdx/verify-tdx-quote.ts';
import { VENDOR_ROOTS } from './vendor-roots.ts';

/** What the evidence of a processor says, in the words that all kinds of TEE share. */
export interface CpuFindings {
  /** 64 bytes that the guest had signed. */
  readonly reportData: Uint8Array;
  readonly simulated: boolean;
  readonly tcbStatus: EnclaveTcbStatus;
  readonly advisories: readonly string[];
  /** Every field that can be pinned, hex. */
  readonly measurements: Readonly<Record<string, string>>;
  /** What the identity digest holds of the image: a length-prefixed tuple of its measurements. */
  readonly measurement: Uint8Array;
  /** What the guest was configured to run: MRCONFIGID or HOST_DATA. */
  readonly workload: Uint8Array;
  /** Last valid moment of all that was relied on, ms since the epoch. */
  readonly expiresAt: number;
}

function describe<Name extends string>(
  fields: Readonly<Record<Name, Uint8Array>>,
  names: readonly Name[],
): CpuFindings['measurements'] {
  return Object.freeze(Object.fromEntries(names.map((name) => [name, toHex(fields[name])])));
}

async function checkTdx(
  list: CheckList,
  { cpu, collateral }: EvidenceBundle,
  policy: TdxEvidencePolicy,
  options: AppraiseOptions,
): Promise<CpuFindings | undefined> {
  if (cpu.tee !== 'tdx') return undefined;
  const { now, roots = VENDOR_ROOTS, cache } = options;
  const context = createTdxContext({ list, now, roots, mode: 'strict', cache });
  const given = { ...policy, collateral: options.collateral ?? collateral };
  const verdict = await checkTdxQuote(context, cpu.quote, given);
  if (verdict === undefined) return undefined;
  checkTdxPolicy(list, verdict, { ...policy, eventLog: cpu.eventLog });
  const { report } = verdict.quote;
  return {
    simulated: verdict.simulated,
    // Without a status some check has failed, and nobody will see this one.
    tcbStatus: verdict.tcbStatus ?? 'Revoked',
    advisories: verdict.advisories,
    expiresAt: verdict.expiresAt,
    reportData: report.reportData,
    measurements: describe(report, PINS),
    measurement: lengthPrefixed(report.mrTd, report.rtmr0, report.rtmr1, report.rtmr2, report.rtmr3),
    workload: report.mrConfigId,
  };
}

async function checkSnp(
  list: CheckList,
  { cpu }: EvidenceBundle,
  policy: SnpEvidencePolicy,
  { now, roots = VENDOR_ROOTS, snpCollateral }: AppraiseOptions,
): Promise<CpuFindings | undefined> {
  if (cpu.tee !== 'sev-snp') return undefined;
  const context = createSnpContext({ list, now, roots, mode: 'strict' });
  const { certs = cpu.certs, crls = cpu.crls } = snpCollateral ?? {};
  const verdict = await checkSnpReport(context, cpu.report, { ...policy, certs, crls });
  if (verdict === undefined) return undefined;
  const { report } = verdict;
  return {
    reportData: report.reportData,
    simulated: verdict.simulated,
    tcbStatus: 'MeetsFloor',
    advisories: [],
    measurements: describe(report, Object.keys(SNP_PINS) as (keyof typeof SNP_PINS)[]),
    measurement: lengthPrefixed(report.measurement),
    workload: report.hostData,
    expiresAt: verdict.expiresAt,
  };
}

/** Runs every check of the processor's evidence into `list`; the caller decides from it. */
export async function checkCpu(
  list: CheckList,
  bundle: EvidenceBundle,
  policy: EvidencePolicy,
  options: AppraiseOptions,
): Promise<CpuFindings | undefined> {
  list.require('cpu.tee', bundle.cpu.tee === policy.tee, 'ERR_EVIDENCE_TEE_MISMATCH');
  return policy.tee === 'tdx' ? checkTdx(list, bundle, policy, options) : checkSnp(list, bundle, policy, options);
}
