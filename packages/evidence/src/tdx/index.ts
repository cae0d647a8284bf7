export { AppraisalError, type Check, type CheckId } from '../check.ts';
export { INTEL_ROOTS, INTEL_SGX_ROOT, type TrustRoots } from '../trust-roots.ts';
export { parseTdxCollateral } from './parse-tdx-collateral.ts';
export { parseTdxQuote } from './parse-tdx-quote.ts';
export type { PckExtension } from './parse-pck-extension.ts';
export type { EnclaveReport, TdReport, TdxQuote } from './quote-types.ts';
export { TCB_STATUSES, type TcbStatus } from './tcb-status.ts';
export { type TdxVerdict, verifyTdxQuote, type VerifyTdxQuoteOptions } from './verify-tdx-quote.ts';
