import { equalBytes, type TdxCollateral } from '@cloister/core';
import { assertChecks, type Check, type CheckCatalogue, createCheckList } from '../check.ts';
import { COMMON_ERRORS } from '../errors.ts';
import { INTEL_ROOTS, INTEL_SGX_ROOT, type TrustRoots } from '../trust-roots.ts';
import type { VerificationCache } from '../verification-cache.ts';
import { checkCollateral } from './check-collateral.ts';
import { checkPckChain } from './check-pck-chain.ts';
import { checkQuotingEnclave } from './check-quoting-enclave.ts';
import { checkTcb } from './check-tcb.ts';
import { checkTcbPolicy } from './check-tcb-policy.ts';
import { checkTdxPolicy } from './check-tdx-policy.ts';
import { checkTdReport } from './check-td-report.ts';
import { TDX_CHECK_IDS, TDX_POLICY_CHECK_IDS } from './checks.ts';
import { TDX_ERRORS } from './errors.ts';
import { parseTdxQuote } from './parse-tdx-quote.ts';
import type { PckExtension } from './parse-pck-extension.ts';
import type { TdxQuote } from './quote-types.ts';
import type { TcbStatus } from './tcb-status.ts';
import type { TdxPolicy, TdxTcbPolicy } from './tdx-policy.ts';
import { createTdxContext, type TdxContext } from './tdx-context.ts';

/** How a quote is judged. */
export interface VerifyTdxQuoteOptions extends Partial<TdxPolicy> {
  /** Verification time, ms since the epoch. */
  readonly now: number;
  /** Required in `strict` mode. */
  readonly collateral?: TdxCollateral | undefined;
  /** Intel's root unless said. */
  readonly roots?: TrustRoots | undefined;
  /** As the guest sent it, if it did. */
  readonly eventLog?: Uint8Array | undefined;
  /** Where chains, lists and documents that come again are worked out once. */
  readonly cache?: VerificationCache | undefined;
  /** `strict` unless said; `cryptography` reports the TCB and the guest's attributes without judging them. */
  readonly mode?: 'strict' | 'cryptography' | undefined;
}

/** What a verified quote says. */
export interface TdxVerdict {
  readonly quote: TdxQuote;
  /** The platform, as its certificate describes it. */
  readonly platform: PckExtension | undefined;
  /** Whether the chain ends in a root other than Intel's. */
  readonly simulated: boolean;
  /** `undefined` only in `cryptography` mode. */
  readonly tcbStatus: TcbStatus | undefined;
  readonly advisories: readonly string[];
  /** The earliest date of the TCB levels that were reached, ms since the epoch. */
  readonly tcbDate: number | undefined;
  /** The earliest last moment of all certificates, lists and documents, ms since the epoch. */
  readonly expiresAt: number;
}

const CATALOGUE: CheckCatalogue = {
  ids: [...TDX_CHECK_IDS, ...TDX_POLICY_CHECK_IDS],
  errors: { ...COMMON_ERRORS, ...TDX_ERRORS },
};

/**
 * Runs all checks of a TDX quote into `context.list` and returns what was found; `undefined` when the bytes are no quote.
 * The caller decides from the list.
 */
export async function checkTdxQuote(
  context: TdxContext,
  bytes: Uint8Array,
  options: TdxTcbPolicy & Pick<VerifyTdxQuoteOptions, 'collateral'>,
): Promise<TdxVerdict | undefined> {
  const quote = context.list.attempt('quote.format', 'ERR_EVIDENCE_QUOTE_MALFORMED', () => parseTdxQuote(bytes));
  if (quote === undefined) return undefined;
  const chain = await checkPckChain(context, quote.pckChain);
  const collateral = await checkCollateral(context, options.collateral, chain, options);
  await checkQuotingEnclave(context, quote, chain, collateral.qeIdentity);
  const assessment = checkTcb(context, quote, chain, collateral);
  checkTcbPolicy(context, assessment, options);
  checkTdReport(context, quote.report);
  return {
    quote,
    platform: chain?.platform,
    simulated: context.roots.simulated || chain === undefined || !equalBytes(chain.root.raw, INTEL_SGX_ROOT),
    tcbStatus: assessment.status,
    advisories: assessment.advisories,
    tcbDate: assessment.date,
    expiresAt: Math.min(...context.expiries),
  };
}

/**
 * Verifies a TDX quote (Intel DCAP, quote versions 4 and 5): chain to a trusted root, revocation, collateral, quoting
 * enclave, attestation key, signature, TCB, the guest's attributes and the pins that are given. The report data is for the
 * caller to compare. Pure: the same input gives the same verdict.
 * @throws AppraisalError with the code of the first failed check and the whole list in `checks`
 */
export async function verifyTdxQuote(
  bytes: Uint8Array,
  options: VerifyTdxQuoteOptions,
): Promise<TdxVerdict & { readonly checks: readonly Check[] }> {
  const { now, roots = INTEL_ROOTS, mode = 'strict', cache } = options;
  const list = createCheckList(CATALOGUE);
  const verdict = await checkTdxQuote(createTdxContext({ list, now, roots, mode, cache }), bytes, options);
  if (verdict !== undefined) checkTdxPolicy(list, verdict, options);
  const checks = assertChecks(list, { complete: mode === 'strict' });
  return { ...(verdict as TdxVerdict), checks };
}
