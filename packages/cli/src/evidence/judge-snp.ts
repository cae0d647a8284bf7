import { gatherSnpCollateral } from '@cloister/client';
import { toHex } from '@cloister/core';
import type { Check } from '@cloister/evidence';
import {
  type AmdLine,
  AppraisalError,
  collateralOfTable,
  parseCertificateTable,
  parseSnpReport,
  SNP_PINS,
  type SnpPin,
  type SnpReport,
  verifySnpReport,
} from '@cloister/evidence/snp';
import { cliError } from '../errors.ts';
import type { Verdict } from '../exit-status.ts';
import type { EvidenceReport } from './evidence-report.ts';
import { type Judgement, takeKept, UNSEEN_DEPLOYMENT } from './judge.ts';

const REPORT_LENGTH = 1184;

const PINS = Object.keys(SNP_PINS) as readonly SnpPin[];

/** Judges a bare SEV-SNP report, or an extended one with its certificate table behind it. */
export async function judgeSnp(bytes: Uint8Array, judgement: Judgement): Promise<EvidenceReport> {
  const { now, policy, roots } = judgement;
  if (policy !== undefined && policy.tee !== 'sev-snp')
    throw cliError('ERR_CLI_POLICY_WITHOUT_USE', { subject: 'tee' });
  // All that a policy may demand of such a guest is compared below; GPUs are in the bundle.
  if (policy?.gpus !== undefined) throw cliError('ERR_CLI_POLICY_WITHOUT_USE', { subject: 'gpus' });
  const report = bytes.subarray(0, REPORT_LENGTH);
  const table = readTable(bytes.subarray(REPORT_LENGTH));
  const sent = judgement.certs ?? table.certs;
  const kept = await takeKept(judgement.kept, (held) =>
    gatherSnpCollateral(report, held, { assumed: onlyLine(policy), certs: sent }),
  );
  const [certs, crls] = [judgement.certs ?? kept?.certs ?? sent, judgement.crls ?? kept?.crls ?? table.crls];
  try {
    const verdict = await verifySnpReport(report, { ...policy, now, roots, certs, crls });
    const { simulated, expiresAt, checks, line, signer } = verdict;
    return {
      verdict: 'accept',
      subject: `SEV-SNP report, version ${verdict.report.version}, ${line}, signed by a ${signer.toUpperCase()}`,
      simulated,
      at: now,
      expiresAt,
      checks: policy === undefined ? checks : [...checks, UNSEEN_DEPLOYMENT],
      fields: readFields(verdict.report),
    };
  } catch (error) {
    if (!(error instanceof AppraisalError)) throw error;
    const { code, message, fix, checks } = error;
    return { ...describe(report), verdict: nameRefusal(checks), refusal: { code, message, fix }, at: now, checks };
  }
}

/** The one line that a policy accepts: reports of version 2 do not name theirs. */
function onlyLine(policy: Judgement['policy']): AmdLine | undefined {
  const [line, ...more] = policy?.tee === 'sev-snp' ? (Object.keys(policy.minimumTcb) as AmdLine[]) : [];
  return more.length === 0 ? line : undefined;
}

/** A table that is not one changes nothing: without certificates the verdict is a rejection. */
function readTable(bytes: Uint8Array): ReturnType<typeof collateralOfTable> {
  try {
    return bytes.length === 0 ? {} : collateralOfTable(parseCertificateTable(bytes));
  } catch {
    return {};
  }
}

function nameRefusal(checks: readonly Check[]): Verdict {
  const failed = checks.find(({ result }) => result === 'fail');
  if (failed?.code?.endsWith('_UNSUPPORTED') === true) return 'unsupported';
  return failed?.id === 'report.format' ? 'malformed' : 'reject';
}

function describe(bytes: Uint8Array): Pick<EvidenceReport, 'subject' | 'fields'> {
  try {
    const report = parseSnpReport(bytes);
    return { subject: `SEV-SNP report, version ${report.version}`, fields: readFields(report) };
  } catch {
    return { subject: 'SEV-SNP report', fields: {} };
  }
}

function readFields(report: SnpReport): Readonly<Record<string, string>> {
  const pinned = PINS.map((pin) => [pin, toHex(report[pin])] as const);
  return {
    ...Object.fromEntries(pinned),
    vmpl: String(report.vmpl),
    policy: `0x${report.policy.toString(16)}`,
    chipId: toHex(report.chipId),
    reportData: toHex(report.reportData),
  };
}
