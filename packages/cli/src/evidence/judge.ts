import type { Collateral } from '@cloister/client';
import { isCloisterError, type TdxCollateral } from '@cloister/core';
import type { EvidencePolicy, TrustRoots } from '@cloister/evidence';
import { type CliErrorCode, cliError } from '../errors.ts';
import type { EvidenceReport, ReportedCheck } from './evidence-report.ts';

/** What evidence is judged against. */
export interface Judgement {
  /** ms since the epoch. */
  readonly now: number;
  readonly collateral: TdxCollateral | undefined;
  /** Collateral of any vendor, exported by a client. */
  readonly kept: Collateral | undefined;
  /** Certificates and lists that come beside a report, DER. */
  readonly certs: readonly Uint8Array[] | undefined;
  readonly crls: readonly Uint8Array[] | undefined;
  readonly policy: EvidencePolicy | undefined;
  /** Roots besides the vendor's; what ends in them is marked SIMULATED. */
  readonly roots: TrustRoots | undefined;
  /** The nonce that the caller sent, 32 bytes. */
  readonly nonce: Uint8Array | undefined;
}

/** A report on evidence that was not judged at all. */
export function refuseUnjudged(
  verdict: 'unsupported' | 'malformed',
  subject: string,
  code: CliErrorCode,
  now: number,
): EvidenceReport {
  const { message, fix } = cliError(code);
  return { verdict, subject, refusal: { code, message, fix }, at: now, checks: [], fields: {} };
}

/** What a bare quote or report leaves open when a policy is given. */
export const UNSEEN_DEPLOYMENT: ReportedCheck = {
  id: 'pin.deployment',
  result: 'skip',
  reason: 'A bare quote does not name it; verify the bundle of the gateway.',
};

/**
 * Refuses a policy that demands what nothing here could compare: it must not pass silently.
 * @param visible names of the members that are compared
 * @throws ERR_CLI_POLICY_WITHOUT_USE with the member as subject
 */
export function assertVisible(policy: EvidencePolicy, visible: ReadonlySet<string>): void {
  const unseen = Object.keys(policy).find((name) => !visible.has(name));
  if (unseen !== undefined) throw cliError('ERR_CLI_POLICY_WITHOUT_USE', { subject: unseen });
}

/**
 * What a client's export holds for evidence; nothing when the evidence is so broken that nobody can say what for: the
 * verdict tells that better.
 * @throws ERR_CLIENT_COLLATERAL_UNAVAILABLE when the export holds nothing for this platform at this time
 */
export async function takeKept<Part>(
  kept: Collateral | undefined,
  take: (kept: Collateral) => Promise<Part>,
): Promise<Part | undefined> {
  try {
    return kept === undefined ? undefined : await take(kept);
  } catch (error) {
    if (!isCloisterError(error) || !error.code.startsWith('ERR_EVIDENCE_')) throw error;
    return undefined;
  }
}
