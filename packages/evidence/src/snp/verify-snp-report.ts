import { equalBytes, toHex } from '@cloister/core';
import { verifyEcdsa } from '../ecdsa/verify-ecdsa.ts';
import { assertChecks, type Check, type CheckCatalogue, createCheckList } from '../check.ts';
import { COMMON_ERRORS } from '../errors.ts';
import type { AmdLine, TrustRoots } from '../trust-roots.ts';
import { AMD_ROOTS } from './amd-roots.ts';
import { checkArkList } from './check-ark-list.ts';
import { checkFirmware } from './check-firmware.ts';
import { checkGuest } from './check-guest.ts';
import { checkSnpPolicy } from './check-snp-policy.ts';
import { checkVekChain, type SnpSigner, type VekChain } from './check-vek-chain.ts';
import { SNP_CHECK_IDS } from './checks.ts';
import { SNP_ERRORS } from './errors.ts';
import { findLine } from './find-line.ts';
import { parseSnpReport } from './parse-snp-report.ts';
import type { SnpReport } from './report-types.ts';
import { createSnpContext, type SnpContext } from './snp-context.ts';
import type { SnpPolicy } from './snp-policy.ts';
import { reachesTcb, readReportTcbs, type ReportTcbs } from './snp-tcb.ts';

/** The certificates of a report and what a caller demands. */
export interface SnpMaterial extends Partial<SnpPolicy> {
  /** VCEK or VLEK, ASK or ASVK, ARK: DER, in this order. */
  readonly certs?: readonly Uint8Array[] | undefined;
  /** Revocation lists of the ARK, DER; required in `strict` mode. */
  readonly crls?: readonly Uint8Array[] | undefined;
}

/** How a report is judged. */
export interface VerifySnpReportOptions extends SnpMaterial {
  /** Verification time, ms since the epoch. */
  readonly now: number;
  /** AMD's three unless said. */
  readonly roots?: TrustRoots | undefined;
  /** `strict` unless said; `cryptography` reports firmware, guest and platform without judging them. */
  readonly mode?: 'strict' | 'cryptography' | undefined;
}

/** What a verified report says. */
export interface SnpVerdict {
  readonly report: SnpReport;
  /** The line of processors, by the root that the chain ends in. */
  readonly line: AmdLine;
  readonly signer: SnpSigner;
  readonly tcbs: ReportTcbs;
  /** Lower-case hex: with a VCEK what its certificate says; with a VLEK what the report says, if the host lets it. */
  readonly chipId: string | undefined;
  /** The provider that a VLEK belongs to. */
  readonly providerId: string | undefined;
  /** Whether the chain ends in a root other than AMD's. */
  readonly simulated: boolean;
  /** The earliest last moment of all certificates and lists, ms since the epoch. */
  readonly expiresAt: number;
}

const CATALOGUE: CheckCatalogue = { ids: SNP_CHECK_IDS, errors: { ...COMMON_ERRORS, ...SNP_ERRORS } };
const SIGNERS: readonly SnpSigner[] = ['vcek', 'vlek'];

/** Checks `report.line` and `report.signer`; the chip's key cannot have signed where the host masks it. */
function checkReportHead({ list }: SnpContext, { cpuid, signingKey, maskChipKey }: SnpReport): SnpSigner | undefined {
  const isKnown = cpuid === undefined || findLine(cpuid) !== undefined;
  list.require('report.line', isKnown, 'ERR_EVIDENCE_SNP_LINE_UNSUPPORTED');
  const signer = SIGNERS[signingKey];
  const isPossible = signer !== undefined && !(signer === 'vcek' && maskChipKey);
  list.require('report.signer', isPossible, 'ERR_EVIDENCE_SNP_SIGNER_UNSUPPORTED');
  return isPossible && isKnown ? signer : undefined;
}

/** Checks `report.tcb-format`, `vek.tcb` and `vek.chip`: the certificate is for this TCB and this chip. */
function checkVek({ list }: SnpContext, report: SnpReport, { line, extensions }: VekChain): ReportTcbs | undefined {
  const tcbs = list.attempt('report.tcb-format', 'ERR_EVIDENCE_SNP_TCB_MALFORMED', () => readReportTcbs(report, line));
  if (tcbs !== undefined) {
    const isSame = reachesTcb(extensions.tcb, tcbs.reported) && reachesTcb(tcbs.reported, extensions.tcb);
    list.require('vek.tcb', isSame, 'ERR_EVIDENCE_SNP_TCB_MISMATCH');
  }
  const { hardwareId } = extensions;
  if (hardwareId === undefined) list.skip('vek.chip', 'The key belongs to a provider, not to one chip.');
  else if (isZero(report.chipId))
    list.skip('vek.chip', 'The host masks the chip id; the signature still names the chip.');
  else list.require('vek.chip', isChip(report.chipId, hardwareId), 'ERR_EVIDENCE_SNP_CHIP_MISMATCH');
  return tcbs;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** Turin's chip ids have 8 bytes; the report pads them with zeros. */
function isChip(chipId: Uint8Array, hardwareId: Uint8Array): boolean {
  const width = hardwareId.length;
  return equalBytes(chipId.subarray(0, width), hardwareId) && isZero(chipId.subarray(width));
}

function nameChip(report: SnpReport, { line, extensions }: VekChain): string | undefined {
  if (extensions.hardwareId !== undefined) return toHex(extensions.hardwareId);
  return isZero(report.chipId) ? undefined : toHex(line === 'Turin' ? report.chipId.subarray(0, 8) : report.chipId);
}

/**
 * Runs all checks of a SEV-SNP report into `context.list` and returns what was found; `undefined` when the bytes are no
 * report or its certificates do not hold. The caller decides from the list.
 */
export async function checkSnpReport(
  context: SnpContext,
  bytes: Uint8Array,
  { certs = [], crls = [], ...policy }: SnpMaterial,
): Promise<SnpVerdict | undefined> {
  const { list, roots, expiries } = context;
  const report = list.attempt('report.format', 'ERR_EVIDENCE_SNP_REPORT_MALFORMED', () => parseSnpReport(bytes));
  if (report === undefined) return undefined;
  const signer = checkReportHead(context, report);
  const chain = signer && (await checkVekChain(context, certs, report, signer));
  await checkArkList(context, crls, chain);
  checkGuest(context, report, policy);
  if (signer === undefined || chain === undefined) return undefined;
  const isSigned = await verifyEcdsa(chain.vek.publicKey, report.signed, report.signature);
  list.require('report.signature', isSigned, 'ERR_EVIDENCE_SNP_SIGNATURE');
  const tcbs = checkVek(context, report, chain);
  if (tcbs === undefined) return undefined;
  const { line, root, extensions } = chain;
  checkFirmware(context, report, { line, tcbs }, policy);
  const found = { report, line, signer, tcbs, chipId: nameChip(report, chain), providerId: extensions.providerId };
  checkSnpPolicy(context, found, policy);
  const isVendor = AMD_ROOTS.amd?.some(({ sha256 }) => sha256 === root.sha256) === true;
  return { ...found, simulated: roots.simulated || !isVendor, expiresAt: Math.min(...expiries) };
}

/**
 * Verifies a SEV-SNP report (AMD SEV-SNP firmware ABI, versions 2 to 5; Milan, Genoa with Bergamo and Siena, Turin): chain
 * to a pinned root, revocation, the key's TCB and chip, signature, firmware, guest and platform. Report data is for the
 * caller to compare, and so are pins that the options leave out. Pure: the same input gives the same verdict.
 * @throws AppraisalError with the code of the first failed check and the whole list in `checks`
 */
export async function verifySnpReport(
  bytes: Uint8Array,
  options: VerifySnpReportOptions,
): Promise<SnpVerdict & { readonly checks: readonly Check[] }> {
  const { now, roots = AMD_ROOTS, mode = 'strict', ...material } = options;
  const list = createCheckList(CATALOGUE);
  const verdict = await checkSnpReport(createSnpContext({ list, now, roots, mode }), bytes, material);
  const checks = assertChecks(list, { complete: mode === 'strict' });
  return { ...(verdict as SnpVerdict), checks };
}
