import { gatherCollateral } from '@cloister/client';
import { toHex } from '@cloister/core';
import {
  appraise,
  AppraisalError,
  type EnclaveIdentity,
  type EvidenceBundle,
  parseEvidenceBundle,
} from '@cloister/evidence';
import { verifyReferenceManifest } from '@cloister/evidence/rim';
import type { EvidenceReport } from './evidence-report.ts';
import type { Judgement } from './judge.ts';
import { judgeTdx } from './judge-tdx.ts';
import { refuseUnjudged, takeKept } from './judge.ts';

/**
 * Judges a gateway's evidence bundle. With a policy it is the whole appraisal; without one only the quote inside is
 * judged, because nothing says what the workload should be.
 */
export async function judgeBundle(bytes: Uint8Array, judgement: Judgement): Promise<EvidenceReport> {
  const bundle = parse(bytes);
  const { now, policy } = judgement;
  if (bundle === undefined) {
    return refuseUnjudged('malformed', 'evidence bundle', 'ERR_CLI_EVIDENCE_UNRECOGNISED', now);
  }
  if (policy !== undefined) return judgeWhole(bundle, { ...judgement, policy });
  if (bundle.cpu.tee !== 'tdx') {
    return refuseUnjudged('unsupported', 'evidence bundle, SEV-SNP', 'ERR_CLI_EVIDENCE_UNSUPPORTED', now);
  }
  const collateral = judgement.collateral ?? bundle.collateral;
  const report = await judgeTdx(bundle.cpu.quote, { ...judgement, collateral });
  const reason = 'Not judged without --policy: nonce, keys, deployment and GPUs of the bundle.';
  return {
    ...report,
    subject: `${report.subject}, in an evidence bundle`,
    checks: [...report.checks, { id: 'bundle', result: 'skip', reason }],
  };
}

function parse(bytes: Uint8Array): EvidenceBundle | undefined {
  try {
    return parseEvidenceBundle(bytes);
  } catch {
    return undefined;
  }
}

async function judgeWhole(
  bundle: EvidenceBundle,
  given: Judgement & { readonly policy: NonNullable<Judgement['policy']> },
): Promise<EvidenceReport> {
  const subject = 'evidence bundle';
  const { policy, now, nonce = bundle.nonce, roots } = given;
  const sources = { policy, roots, clock: { now: () => now }, verifyManifest: verifyReferenceManifest };
  const kept = await takeKept(given.kept, (collateral) => gatherCollateral(bundle, { ...sources, collateral }));
  try {
    const collateral = given.collateral ?? kept?.collateral;
    const identity = await appraise(bundle, policy, { ...kept, now, nonce, roots, collateral });
    return describeIdentity(identity, subject);
  } catch (error) {
    if (!(error instanceof AppraisalError)) throw error;
    const { code, message, fix, checks } = error;
    return { verdict: 'reject', subject, refusal: { code, message, fix }, at: now, checks, fields: {} };
  }
}

/** The report on an identity that was established. */
export function describeIdentity(identity: EnclaveIdentity, subject: string): EvidenceReport {
  const { simulated, tcbStatus, advisories, checks, appraisedAt, expiresAt, measurements, deployment } = identity;
  return {
    verdict: 'accept',
    subject,
    simulated,
    tcbStatus,
    advisories,
    at: appraisedAt,
    expiresAt,
    checks,
    fields: {
      ...measurements,
      deployment,
      evidence: toHex(identity.evidenceDigest),
      policy: toHex(identity.policyDigest),
    },
  };
}
