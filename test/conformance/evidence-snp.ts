import { isCloisterError, toHex } from '@cloister/core';
import { evidenceError } from '@cloister/evidence';
import {
  AppraisalError,
  parseSnpPolicy,
  parseSnpReport,
  type SnpReport,
  type SnpTcb,
  type SnpVerdict,
  verifySnpReport,
  type VerifySnpReportOptions,
} from '@cloister/evidence/snp';

/** A question about a SEV-SNP report, its members read. */
export interface SnpQuestion {
  readonly evidence: Uint8Array;
  /** VCEK or VLEK, ASK or ASVK, ARK: DER. */
  readonly certs: readonly Uint8Array[];
  /** Revocation lists, DER. */
  readonly crls: readonly Uint8Array[];
  /** What the report data begins with. */
  readonly nonce: Uint8Array | undefined;
  readonly policy: unknown;
  /** ms since the epoch. */
  readonly now: number;
}

/** Answers a question about a SEV-SNP report: the TCB is reported in `fields`, there being no status of it. */
export async function answerSnp(question: SnpQuestion): Promise<object> {
  const { evidence, certs, crls, now } = question;
  const verification = { ...readPolicy(question.policy), certs, crls, now };
  try {
    const verdict = await verifySnpReport(evidence, verification);
    requireNonce(verdict.report, question.nonce);
    return { verdict: 'accept', fields: { ...describeReport(verdict.report), ...describeVerdict(verdict) } };
  } catch (error) {
    if (!isCloisterError(error)) throw error;
    const failed = error instanceof AppraisalError ? error.checks.find(({ result }) => result === 'fail') : undefined;
    return { verdict: nameRefusal(failed?.id, error.code), code: error.code, ...tryDescribe(evidence) };
  }
}

function nameRefusal(id: string | undefined, code: string): string {
  if (code.endsWith('_UNSUPPORTED')) return 'unsupported';
  return id === 'report.format' ? 'malformed' : 'reject';
}

function readPolicy(policy: unknown): Omit<VerifySnpReportOptions, 'now'> {
  if (policy === undefined) return {};
  if (policy === 'cryptography' || policy === 'strict') return { mode: policy };
  return parseSnpPolicy(policy);
}

function requireNonce({ reportData }: SnpReport, nonce: Uint8Array | undefined): void {
  if (nonce !== undefined && !toHex(reportData).startsWith(toHex(nonce)))
    throw evidenceError('ERR_EVIDENCE_NONCE_MISMATCH');
}

function tryDescribe(evidence: Uint8Array): object {
  try {
    return { fields: describeReport(parseSnpReport(evidence)) };
  } catch {
    return {};
  }
}

/** Names as the oracles' answers beside the vectors spell them. */
function describeReport(report: SnpReport): object {
  const { policy, platformInfo, currentVersion, committedVersion, cpuid, mitigations } = report;
  return {
    version: report.version,
    guest_svn: report.guestSvn,
    policy: `0x${policy.toString(16)}`,
    family_id: toHex(report.familyId),
    image_id: toHex(report.imageId),
    vmpl: report.vmpl,
    sig_algo: 1,
    platform_info: `0x${platformInfo.toString(16)}`,
    author_key_en: report.authorKeyEnabled,
    mask_chip_key: report.maskChipKey,
    signing_key: report.signingKey,
    report_data: toHex(report.reportData),
    measurement: toHex(report.measurement),
    host_data: toHex(report.hostData),
    id_key_digest: toHex(report.idKeyDigest),
    author_key_digest: toHex(report.authorKeyDigest),
    report_id: toHex(report.reportId),
    report_id_ma: toHex(report.reportIdMa),
    cpuid_family: cpuid?.family ?? null,
    cpuid_model: cpuid?.model ?? null,
    cpuid_stepping: cpuid?.stepping ?? null,
    chip_id: toHex(report.chipId),
    current: describeVersion(currentVersion),
    committed: describeVersion(committedVersion),
    launch_mit_vector: mitigations === undefined ? null : Number(mitigations.launch),
    current_mit_vector: mitigations === undefined ? null : Number(mitigations.current),
  };
}

function describeVersion({ major, minor, build }: SnpReport['currentVersion']): string {
  return `${major}.${minor}.${build}`;
}

/** The layout of a TCB depends on the line, which the certificates tell. */
function describeVerdict({ tcbs }: SnpVerdict): object {
  return {
    current_tcb: describeTcb(tcbs.current),
    reported_tcb: describeTcb(tcbs.reported),
    committed_tcb: describeTcb(tcbs.committed),
    launch_tcb: describeTcb(tcbs.launch),
  };
}

function describeTcb({
  fmc = null,
  bootloader,
  tee,
  snp,
  microcode,
}: { [Part in keyof SnpTcb]: SnpTcb[Part] | null }): object {
  return { fmc, bl: bootloader, tee, snp, ucode: microcode };
}
