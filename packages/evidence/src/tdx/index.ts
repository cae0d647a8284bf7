export { AppraisalError, type Check } from '../check.ts';
export type { CheckId, EvidenceErrorCode } from '../codes.ts';
export { TDX_CHECK_IDS } from './checks.ts';
export { createVerificationCache, type VerificationCache } from '../verification-cache.ts';
export { INTEL_ROOTS, INTEL_SGX_ROOT, type TrustRoots } from '../trust-roots.ts';
export { type EventPin, parseTdxPolicy, type TdxPolicy, type TdxTcbPolicy, type WorkloadPins } from './tdx-policy.ts';
export { parseTdxCollateral } from './parse-tdx-collateral.ts';
export { parseTdxQuote } from './parse-tdx-quote.ts';
export type { PckExtension } from './parse-pck-extension.ts';
export { type EnclaveReport, type Pin, PINS, type TdReport, type TdxQuote } from './quote-types.ts';
export { TCB_STATUSES, type TcbStatus } from './tcb-status.ts';
export { type TdxVerdict, verifyTdxQuote, type VerifyTdxQuoteOptions } from './verify-tdx-quote.ts';
export { readTdxPlatform, type TdxPlatform } from './read-tdx-platform.ts';
export {
  verifyTdxCollateral,
  type TdxCollateralVerdict,
  type VerifyTdxCollateralOptions,
} from './verify-tdx-collateral.ts';
