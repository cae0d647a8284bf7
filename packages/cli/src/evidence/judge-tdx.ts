import { isCloisterError, toHex } from '@cloister/core';
import { type Check, PINS } from '@cloister/evidence';
import { AppraisalError, parseTdxQuote, type TdxQuote, type TdxVerdict, verifyTdxQuote } from '@cloister/evidence/tdx';
import { cliError } from '../errors.ts';
import type { Verdict } from '../exit-status.ts';
import type { EvidenceReport, ReportedCheck } from './evidence-report.ts';
import { assertVisible, type Judgement, takeKept, UNSEEN_DEPLOYMENT } from './judge.ts';

/**
 * Judges a bare TDX quote: all of its own checks, strictly, and of a policy what a quote alone can show. That is its
 * measurements, TCB statuses and evaluation number; the deployment is in the bundle.
 */
export async function judgeTdx(bytes: Uint8Array, given: Judgement): Promise<EvidenceReport> {
  const { now, policy, roots } = given;
  const collateral = given.collateral ?? (await takeKept(given.kept, (kept) => kept.tdx(bytes)));
  const judgement = { ...given, collateral };
  if (policy !== undefined && policy.tee !== 'tdx') throw cliError('ERR_CLI_POLICY_WITHOUT_USE', { subject: 'tee' });
  if (policy !== undefined) assertVisible(policy, VISIBLE);
  try {
    const verdict = await verifyTdxQuote(bytes, { ...policy, now, collateral, roots });
    return reportAccepted(verdict, judgement);
  } catch (error) {
    if (!(error instanceof AppraisalError)) throw error;
    const { code, message, fix, checks } = error;
    const shown = await describeRefused(bytes, judgement);
    return { ...shown, verdict: nameRefusal(checks), refusal: { code, message, fix }, at: now, checks };
  }
}

/** What a policy may hold when only a quote is there; a demand that nothing could compare must not pass silently. */
const VISIBLE: ReadonlySet<string> = new Set([
  'tee',
  'workload',
  'deployment',
  'owner',
  'maxAge',
  'acceptedTcb',
  'advisories',
  'gracePeriod',
  'minimumEvaluationNumber',
  'ppids',
  'fmspcs',
]);

function nameRefusal(checks: readonly Check[]): Verdict {
  const failed = checks.find(({ result }) => result === 'fail');
  if (failed?.id !== 'quote.format') return 'reject';
  return failed.code === 'ERR_EVIDENCE_QUOTE_UNSUPPORTED' ? 'unsupported' : 'malformed';
}

function reportAccepted(
  verdict: TdxVerdict & { readonly checks: readonly Check[] },
  { policy, now }: Judgement,
): EvidenceReport {
  const deployment: readonly ReportedCheck[] = policy === undefined ? [] : [UNSEEN_DEPLOYMENT];
  return {
    verdict: 'accept',
    subject: describe(verdict.quote),
    simulated: verdict.simulated,
    at: now,
    expiresAt: verdict.expiresAt,
    ...(verdict.tcbStatus === undefined ? {} : { tcbStatus: verdict.tcbStatus }),
    advisories: verdict.advisories,
    checks: [...verdict.checks, ...deployment],
    fields: readFields(verdict.quote),
  };
}

/** What can still be said about a quote that was refused: its status if the cryptography holds, else its fields. */
async function describeRefused(
  bytes: Uint8Array,
  { now, collateral, roots }: Judgement,
): Promise<Pick<EvidenceReport, 'subject' | 'fields' | 'simulated' | 'tcbStatus' | 'advisories'>> {
  try {
    const verdict = await verifyTdxQuote(bytes, { now, collateral, roots, mode: 'cryptography' });
    const { simulated, tcbStatus, advisories } = verdict;
    const status = tcbStatus === undefined ? {} : { tcbStatus };
    return { subject: describe(verdict.quote), fields: readFields(verdict.quote), simulated, ...status, advisories };
  } catch (error) {
    if (!isCloisterError(error)) throw error;
    return describeUnverified(bytes);
  }
}

function describeUnverified(bytes: Uint8Array): Pick<EvidenceReport, 'subject' | 'fields'> {
  try {
    const quote = parseTdxQuote(bytes);
    return { subject: describe(quote), fields: readFields(quote) };
  } catch {
    return { subject: 'Intel quote', fields: {} };
  }
}

function describe({ version }: TdxQuote): string {
  return `TDX quote, version ${version}`;
}

function readFields({ report }: TdxQuote): Readonly<Record<string, string>> {
  const names = [...PINS, 'tdAttributes', 'xfam', 'teeTcbSvn', 'reportData'] as const;
  return Object.fromEntries(names.map((name) => [name, toHex(report[name])]));
}
