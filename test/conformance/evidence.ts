import { createErrors, fromBase64, fromHex, isCloisterError, type TdxCollateral, toHex } from '@cloister/core';
import { type Check, evidenceError, type Pin, PINS } from '@cloister/evidence';
import {
  AppraisalError,
  TCB_STATUSES,
  type TcbStatus,
  type TdxQuote,
  verifyTdxQuote,
  type VerifyTdxQuoteOptions,
} from '@cloister/evidence/tdx';

type Line = Readonly<Record<string, unknown>>;

const conformanceError = createErrors<'ERR_CONFORMANCE_MALFORMED_LINE'>({
  ERR_CONFORMANCE_MALFORMED_LINE: {
    message: 'The line is not a question of this area.',
    fix: 'Compare its members with the interface of the area.',
  },
});

const OTHER_TEES: ReadonlySet<unknown> = new Set(['sev-snp', 'nvidia-spdm', 'nvidia-nras']);
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z$/;
const POLICY_MEMBERS: ReadonlySet<string> = new Set(['acceptedTcb', 'minimumEvaluationNumber', 'workload']);

/**
 * Answers one question of area `evidence`: `{id, verdict, code?, status?, advisories?, fields?}`. A policy may be an object
 * with `acceptedTcb`, `minimumEvaluationNumber` and `workload` (pins as in EvidencePolicy).
 */
export async function answer(line: unknown): Promise<object> {
  const question = line as Line;
  const id = question['id'] === undefined ? {} : { id: question['id'] };
  if (OTHER_TEES.has(question['tee'])) return { ...id, verdict: 'unsupported', code: 'ERR_EVIDENCE_TEE_UNSUPPORTED' };
  if (question['tee'] !== 'tdx') throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  return { ...id, ...(await answerTdx(question)) };
}

async function answerTdx(question: Line): Promise<object> {
  const bytes = readBytes(question['evidence']);
  const { workload, ...options } = readPolicy(question['policy']);
  const verification: VerifyTdxQuoteOptions = {
    ...options,
    now: readTime(question['at']),
    collateral: question['collateral'] as TdxCollateral | undefined,
  };
  try {
    const { quote, tcbStatus, advisories } = await verifyTdxQuote(bytes, verification);
    requirePins(quote, workload);
    requireNonce(quote, question['nonce']);
    return { verdict: 'accept', status: tcbStatus, advisories, fields: describeQuote(quote) };
  } catch (error) {
    if (!isCloisterError(error)) throw error;
    const failed = error instanceof AppraisalError ? error.checks.find(({ result }) => result === 'fail') : undefined;
    return { verdict: nameRefusal(failed), code: error.code, ...(await report(bytes, verification)) };
  }
}

function nameRefusal(failed: Check | undefined): string {
  if (failed?.id !== 'quote.format') return 'reject';
  return failed.code === 'ERR_EVIDENCE_QUOTE_UNSUPPORTED' ? 'unsupported' : 'malformed';
}

/** What can still be said about evidence that the policy refuses: its status if the cryptography holds, else its fields. */
async function report(bytes: Uint8Array, verification: VerifyTdxQuoteOptions): Promise<object> {
  try {
    const { quote, tcbStatus, advisories } = await verifyTdxQuote(bytes, { ...verification, mode: 'cryptography' });
    return { status: tcbStatus, advisories, fields: describeQuote(quote) };
  } catch {
    return {};
  }
}

/** Names as the oracles' answers beside the vectors spell them. */
function describeQuote(quote: TdxQuote): object {
  const { report: body } = quote;
  return {
    version: quote.version,
    qe_vendor_id: toHex(quote.qeVendorId),
    user_data: toHex(quote.userData),
    tee_tcb_svn: toHex(body.teeTcbSvn),
    mr_seam: toHex(body.mrSeam),
    mr_signer_seam: toHex(body.mrSignerSeam),
    seam_attributes: toHex(body.seamAttributes),
    td_attributes: toHex(body.tdAttributes),
    xfam: toHex(body.xfam),
    mr_td: toHex(body.mrTd),
    mr_config_id: toHex(body.mrConfigId),
    mr_owner: toHex(body.mrOwner),
    mr_owner_config: toHex(body.mrOwnerConfig),
    rtmr0: toHex(body.rtmr0),
    rtmr1: toHex(body.rtmr1),
    rtmr2: toHex(body.rtmr2),
    rtmr3: toHex(body.rtmr3),
    report_data: toHex(body.reportData),
    ...(body.mrServiceTd === undefined ? {} : { mr_service_td: toHex(body.mrServiceTd) }),
    ...(body.teeTcbSvn2 === undefined ? {} : { tee_tcb_svn2: toHex(body.teeTcbSvn2) }),
  };
}

interface Judgement {
  readonly mode?: 'cryptography' | 'strict';
  readonly acceptedTcb?: readonly TcbStatus[];
  readonly minimumEvaluationNumber?: number;
  readonly workload?: Readonly<Partial<Record<Pin, string>>>;
}

function readPolicy(policy: unknown): Judgement {
  if (policy === undefined) return {};
  if (policy === 'cryptography' || policy === 'strict') return { mode: policy };
  const isKnown =
    typeof policy === 'object' && policy !== null && Object.keys(policy).every((name) => POLICY_MEMBERS.has(name));
  if (!isKnown) throw evidenceError('ERR_EVIDENCE_POLICY_INVALID');
  const { acceptedTcb = ['UpToDate'], minimumEvaluationNumber, workload = {} }: Judgement = policy;
  const statuses: readonly unknown[] = Array.isArray(acceptedTcb) ? acceptedTcb : ['none'];
  const isFormed =
    statuses.every((status) => status !== 'Revoked' && TCB_STATUSES.some((known) => known === status)) &&
    (minimumEvaluationNumber === undefined || Number.isSafeInteger(minimumEvaluationNumber)) &&
    typeof workload === 'object' &&
    Object.entries(workload).every(([pin, value]) => PINS.includes(pin as Pin) && /^[0-9a-f]{96}$/.test(String(value)));
  if (!isFormed) throw evidenceError('ERR_EVIDENCE_POLICY_INVALID');
  return { acceptedTcb, workload, ...(minimumEvaluationNumber === undefined ? {} : { minimumEvaluationNumber }) };
}

function requirePins(quote: TdxQuote, workload: Judgement['workload'] = {}): void {
  for (const pin of PINS) {
    const wanted = workload[pin];
    if (wanted !== undefined && toHex(quote.report[pin]) !== wanted) {
      throw evidenceError('ERR_EVIDENCE_MEASUREMENT_MISMATCH', { subject: pin });
    }
  }
}

/** A nonce of a bare quote is what its report data begins with. */
function requireNonce(quote: TdxQuote, nonce: unknown): void {
  if (nonce === undefined) return;
  if (typeof nonce !== 'string' || !/^(?:[0-9a-fA-F]{2}){1,64}$/.test(nonce)) {
    throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  }
  const expected = toHex(fromHex(nonce));
  if (!toHex(quote.report.reportData).startsWith(expected)) throw evidenceError('ERR_EVIDENCE_NONCE_MISMATCH');
}

function readBytes(value: unknown): Uint8Array {
  try {
    return fromBase64(value as string);
  } catch {
    throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  }
}

function readTime(value: unknown): number {
  const time = typeof value === 'string' && ISO_TIME.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  return time;
}
