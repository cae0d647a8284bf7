import type { TcbAssessment } from './check-tcb.ts';
import { judge, type TdxContext } from './tdx-context.ts';
import type { TdxTcbPolicy } from './tdx-policy.ts';
import type { TcbStatus } from './tcb-status.ts';

/** What an out-of-date platform counts as while the policy's grace lasts. */
const UNDER_GRACE: Readonly<Partial<Record<TcbStatus, TcbStatus>>> = {
  OutOfDate: 'UpToDate',
  OutOfDateConfigurationNeeded: 'ConfigurationNeeded',
};

function isAccepted(
  { now, expiries }: TdxContext,
  { status, date = 0 }: TcbAssessment,
  { acceptedTcb = ['UpToDate'], gracePeriod }: TdxTcbPolicy,
): boolean {
  const accepts = (wanted: TcbStatus | undefined): boolean => acceptedTcb.some((accepted) => accepted === wanted);
  if (status === undefined || status === 'Revoked') return false;
  if (accepts(status)) return true;
  if (gracePeriod === undefined || now > date + gracePeriod || !accepts(UNDER_GRACE[status])) return false;
  expiries.push(date + gracePeriod);
  return true;
}

function checkAdvisories(context: TdxContext, { status, advisories }: TcbAssessment, policy: TdxTcbPolicy): void {
  if (policy.advisories === undefined || status === 'UpToDate') {
    context.list.skip('tcb.advisories', 'The policy decides by status alone, or the platform is up to date.');
    return;
  }
  const ends = advisories.map((id) => Date.parse(policy.advisories?.[id] ?? ''));
  const decided = ends.every((end) => context.now <= end);
  if (judge(context, 'tcb.advisories', decided, 'ERR_EVIDENCE_ADVISORY_NOT_ACCEPTED') && decided)
    context.expiries.push(...ends);
}

/** Checks `tcb.status` and `tcb.advisories`: whether the policy accepts what the vendor says about the platform. */
export function checkTcbPolicy(context: TdxContext, assessment: TcbAssessment, policy: TdxTcbPolicy): void {
  const code = assessment.status === undefined ? 'ERR_EVIDENCE_TCB_UNKNOWN' : 'ERR_EVIDENCE_TCB_NOT_ACCEPTED';
  judge(context, 'tcb.status', isAccepted(context, assessment, policy), code);
  checkAdvisories(context, assessment, policy);
}
