export type { AnswerReceipt } from './answer-receipt.ts';
export { attest } from './attest.ts';
export type { Enclave } from './attest.ts';
export type { AttestOptions } from './attest-options.ts';
export type { EvidenceRecord } from './attestor.ts';
export { errorOfResponse } from './error-response.ts';
export type { ClientErrorCode } from './errors.ts';
export type { ClientTrace, TraceListener } from './trace.ts';
