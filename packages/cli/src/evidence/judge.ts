import type { TdxCollateral } from '@cloister/core';
import type { EvidencePolicy, TrustRoots } from '@cloister/evidence';
import { type CliErrorCode, cliError } from '../errors.ts';
import type { EvidenceReport } from './evidence-report.ts';

/** What evidence is judged against. */
export interface Judgement {
  /** ms since the epoch. */
  readonly now: number;
  readonly collateral: TdxCollateral | undefined;
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
