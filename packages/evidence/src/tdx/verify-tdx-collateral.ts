import type { TdxCollateral } from '@cloister/core';
import { AppraisalError, createCheckList } from '../check.ts';
import { COMMON_ERRORS } from '../errors.ts';
import { INTEL_ROOTS, type TrustRoots } from '../trust-roots.ts';
import { checkCollateral } from './check-collateral.ts';
import { checkPckChain } from './check-pck-chain.ts';
import { TDX_CHECK_IDS } from './checks.ts';
import { TDX_ERRORS } from './errors.ts';
import { parseTdxQuote } from './parse-tdx-quote.ts';
import { createTdxContext } from './tdx-context.ts';

/** What collateral is judged by. */
export interface VerifyTdxCollateralOptions {
  /** A quote of the platform that the collateral is for. */
  readonly quote: Uint8Array;
  /** Verification time, ms since the epoch. */
  readonly now: number;
  /** Intel's root unless said. */
  readonly roots?: TrustRoots | undefined;
}

/** What verified collateral says about itself. */
export interface TdxCollateralVerdict {
  /** The later issue date of TCB info and QE identity, ms since the epoch: newer collateral has a later one. */
  readonly issuedAt: number;
  /** The earliest last moment of all that it consists of, ms since the epoch. */
  readonly expiresAt: number;
}

/**
 * Verifies collateral before it is kept: chains, signatures, form, validity, and that it is for this platform. Whether the
 * platform is revoked or out of date is not asked here: collateral that says so is as genuine as any.
 * @throws AppraisalError with the code of the first failed check; CloisterError of `parseTdxQuote`
 */
export async function verifyTdxCollateral(
  collateral: TdxCollateral,
  { quote, now, roots = INTEL_ROOTS }: VerifyTdxCollateralOptions,
): Promise<TdxCollateralVerdict> {
  const list = createCheckList({ ids: TDX_CHECK_IDS, errors: { ...COMMON_ERRORS, ...TDX_ERRORS } });
  const context = createTdxContext({ list, now, roots, mode: 'strict' });
  const chain = await checkPckChain(context, parseTdxQuote(quote).pckChain);
  const { tcbInfo, qeIdentity } = await checkCollateral(context, collateral, chain);
  const checks = list.entries();
  const failure = checks.find(({ id, result }) => result === 'fail' && id !== 'crl.revocation');
  if (failure?.code !== undefined)
    throw new AppraisalError({ id: failure.id, code: failure.code, description: list.describe(failure.code) }, checks);
  return {
    issuedAt: Math.max(tcbInfo?.issueDate ?? 0, qeIdentity?.issueDate ?? 0),
    expiresAt: Math.min(...context.expiries),
  };
}
