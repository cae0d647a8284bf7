import { type VerifiedReceipt, verifyReceipt as verifyText } from '@cloister/audit';
import { equalBytes, fromHex, isCloisterError, sha256, toHex } from '@cloister/core';
import {
  type EvidencePolicy,
  type EvidenceBundle,
  type Keyset,
  parseEvidenceBundle,
  parseKeyset,
} from '@cloister/evidence';
import type { Command, Invocation } from '../command.ts';
import { cliError } from '../errors.ts';
import { type EvidenceReport, printReport, type ReportedCheck } from '../evidence/evidence-report.ts';
import { judgeBundle } from '../evidence/judge-bundle.ts';
import { refuseUnjudged } from '../evidence/judge.ts';
import { type ReceiptFile, readReceiptFile } from '../input/receipt-file.ts';
import { COLLATERAL_OPTION, readCollateral } from '../input/read-collateral.ts';
import { readPolicy } from '../input/read-judgement.ts';
import { readRoots } from '../input/read-roots.ts';

/** `cloister verify receipt FILE`: judges the receipt of an answer offline. */
export const verifyReceipt: Command = {
  details: [
    'FILE is JSON: {receipt, evidence: {bundle, verifiedAt}, opening?: {k, enc, requestDigest, responseDigest}}. The evidence',
    "is judged at the time of the client's verdict, which has to lie close to the receipt's own. The opening shows that the",
    'receipt is about these very words: whoever has it can link the two.',
  ].join('\n'),
  options: {
    policy: { value: 'FILE', help: 'what the gateway had to prove: an evidence policy in JSON or YAML; required' },
    collateral: COLLATERAL_OPTION,
    roots: { value: 'FILE', help: 'test roots; the verdict says SIMULATED' },
  },
  async run(invocation) {
    return printReport(await judgeReceipt(invocation), invocation.terminal, invocation.isJson);
  },
};

const SUBJECT = 'receipt of an answer';

async function judgeReceipt({
  operands,
  option,
  need,
}: Pick<Invocation, 'operands' | 'option' | 'need'>): Promise<EvidenceReport> {
  const [policyFile, rootsFile] = [need('policy'), option('roots')];
  const file = await readReceiptFile(operands[0] as string);
  const policy: EvidencePolicy = await readPolicy(policyFile);
  const roots = rootsFile === undefined ? undefined : await readRoots(rootsFile);
  const now = file.evidence.verifiedAt;
  const opened = openBundle(file.evidence.bundle);
  if (opened === undefined) return refuseUnjudged('malformed', SUBJECT, 'ERR_CLI_EVIDENCE_UNRECOGNISED', now);
  const evidence = await judgeBundle(Buffer.from(file.evidence.bundle), {
    now,
    policy,
    roots,
    ...(await readCollateral(option('collateral'), { now, roots })),
    certs: undefined,
    crls: undefined,
    nonce: undefined,
  });
  if (evidence.verdict !== 'accept') return { ...evidence, subject: `${SUBJECT}: its evidence` };
  return compare(file, opened, evidence);
}

interface Opened {
  readonly bundle: EvidenceBundle;
  readonly keyset: Keyset;
}

function openBundle(text: string): Opened | undefined {
  try {
    const bundle = parseEvidenceBundle(text);
    return { bundle, keyset: parseKeyset(bundle.keyset) };
  } catch {
    return undefined;
  }
}

async function compare(file: ReceiptFile, opened: Opened, evidence: EvidenceReport): Promise<EvidenceReport> {
  const { receiptKey } = opened.keyset;
  try {
    const verified = await verifyText(file.receipt, { receiptKey, ...file.opening });
    return conclude(evidence, verified, checkSubject(verified, opened, file));
  } catch (error) {
    if (!isCloisterError(error)) throw error;
    const { code, message, fix } = error;
    const verdict = code === 'ERR_AUDIT_RECEIPT' ? 'malformed' : 'reject';
    const failed: ReportedCheck = { id: 'receipt.signature', result: 'fail', reason: message };
    return {
      ...evidence,
      subject: SUBJECT,
      verdict,
      refusal: { code, message, fix },
      checks: [...evidence.checks, failed],
    };
  }
}

/** How far the clocks of client and gateway may be apart, beyond the hour that a keyset lives; ms. */
const TOLERANCE = 300_000;

function checkSubject(
  { receipt, matched }: VerifiedReceipt,
  { bundle, keyset }: Opened,
  file: ReceiptFile,
): readonly ReportedCheck[] {
  const { verifiedAt } = file.evidence;
  const isWithin = receipt.startedAt >= verifiedAt - TOLERANCE && receipt.endedAt <= keyset.notAfter + TOLERANCE;
  const check = (id: string, holds: boolean, reason: string): ReportedCheck =>
    holds ? { id, result: 'pass' } : { id, result: 'fail', reason };
  const content = (id: string, holds: boolean): ReportedCheck =>
    holds ? { id, result: 'pass' } : { id, result: 'skip', reason: 'The file holds no opening.' };
  return [
    { id: 'receipt.signature', result: 'pass' },
    check('receipt.keyset', equalBytes(fromHex(receipt.keyset), sha256(bundle.keyset)), 'It is about another keyset.'),
    check('receipt.deployment', receipt.deployment === toHex(keyset.deployment), 'It is about another deployment.'),
    check('receipt.time', isWithin, 'The answer lies outside the time that the evidence covers.'),
    content('receipt.request', matched.request),
    content('receipt.response', matched.response),
  ];
}

function conclude(
  evidence: EvidenceReport,
  { receipt, digest }: VerifiedReceipt,
  checks: readonly ReportedCheck[],
): EvidenceReport {
  const failed = checks.find(({ result }) => result === 'fail');
  const { code, message, fix } = cliError('ERR_CLI_RECEIPT_SUBJECT');
  const { model = 'not named', startedAt, endedAt } = receipt;
  return {
    ...evidence,
    subject: SUBJECT,
    verdict: failed === undefined ? 'accept' : 'reject',
    ...(failed === undefined ? {} : { refusal: { code, message: `${message} (${failed.id})`, fix } }),
    checks: [...evidence.checks, ...checks],
    fields: {
      'declared model': model,
      started: new Date(startedAt).toISOString(),
      ended: new Date(endedAt).toISOString(),
      deployment: receipt.deployment,
      'wire policy': receipt.wirePolicy,
      'receipt digest': digest,
    },
  };
}
