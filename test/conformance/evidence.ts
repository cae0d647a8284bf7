import { createErrors, fromBase64, fromHex, isCloisterError, type TdxCollateral, toHex } from '@cloister/core';
import { type Check, evidenceError } from '@cloister/evidence';
import {
  AppraisalError,
  parseTdxPolicy,
  type TdxPolicy,
  type TdxQuote,
  verifyTdxQuote,
  type VerifyTdxQuoteOptions,
} from '@cloister/evidence/tdx';

import { answerGpuReport, answerManifest, answerNras, type NvidiaQuestion } from './evidence-nvidia.ts';
import { answerSnp, type SnpQuestion } from './evidence-snp.ts';

type Line = Readonly<Record<string, unknown>>;

const conformanceError = createErrors<'ERR_CONFORMANCE_MALFORMED_LINE'>({
  ERR_CONFORMANCE_MALFORMED_LINE: {
    message: 'The line is not a question of this area.',
    fix: 'Compare its members with the interface of the area.',
  },
});

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z$/;

/**
 * Answers one question of area `evidence`: `{id, verdict, code?, status?, advisories?, fields?}`. A policy may be an object
 * of the members of an evidence policy that this kind of TEE alone has, all of them optional.
 */
export async function answer(line: unknown): Promise<object> {
  const question = line as Line;
  const id = question['id'] === undefined ? {} : { id: question['id'] };
  const { tee } = question;
  if (tee === 'sev-snp') return { ...id, ...(await answerSnp(readSnp(question))) };
  if (tee === 'nvidia-spdm') return { ...id, ...(await answerGpuReport(readNvidia(question))) };
  if (tee === 'nvidia-nras') return { ...id, ...(await answerNras(readNvidia(question))) };
  if (tee === 'nvidia-rim') return { ...id, ...(await answerManifest(readNvidia(question))) };
  if (tee !== 'tdx') throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  return { ...id, ...(await answerTdx(question)) };
}

function readNvidia({ evidence, certs, nonce, at }: Line): NvidiaQuestion {
  return {
    evidence: readBytes(evidence),
    certs: readList(certs),
    nonce: nonce === undefined ? undefined : readNonce(nonce),
    now: readTime(at),
  };
}

function readSnp(question: Line): SnpQuestion {
  return { ...readNvidia(question), crls: readList(question['crl']), policy: question['policy'] };
}

function readList(items: unknown = []): readonly Uint8Array[] {
  if (!Array.isArray(items)) throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  return items.map(readBytes);
}

async function answerTdx(question: Line): Promise<object> {
  const bytes = readBytes(question['evidence']);
  const verification: VerifyTdxQuoteOptions = {
    ...readPolicy(question['policy']),
    now: readTime(question['at']),
    collateral: question['collateral'] as TdxCollateral | undefined,
  };
  try {
    const { quote, tcbStatus, advisories } = await verifyTdxQuote(bytes, verification);
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

function readPolicy(policy: unknown): Pick<VerifyTdxQuoteOptions, 'mode'> & Partial<TdxPolicy> {
  if (policy === undefined) return {};
  if (policy === 'cryptography' || policy === 'strict') return { mode: policy };
  return parseTdxPolicy(policy);
}

/** A nonce of a bare quote is what its report data begins with. */
function requireNonce(quote: TdxQuote, nonce: unknown): void {
  if (nonce === undefined) return;
  const expected = toHex(readNonce(nonce));
  if (!toHex(quote.report.reportData).startsWith(expected)) throw evidenceError('ERR_EVIDENCE_NONCE_MISMATCH');
}

function readNonce(nonce: unknown): Uint8Array {
  if (typeof nonce !== 'string' || !/^(?:[0-9a-fA-F]{2}){1,64}$/.test(nonce)) {
    throw conformanceError('ERR_CONFORMANCE_MALFORMED_LINE');
  }
  return fromHex(nonce);
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
