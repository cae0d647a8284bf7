export * from './create-ed25519-signer.ts';
export type { AuditErrorCode } from './errors.ts';
export * from './receipt/create-receipt.ts';
export * from './receipt/create-transcript.ts';
export * from './receipt/parse-receipt.ts';
export { receiptDigest } from './receipt/receipt.ts';
export type { Receipt, ReceiptScope, ReceiptUsage } from './receipt/receipt.ts';
export * from './receipt/verify-receipt.ts';
export * from './verify-ed25519.ts';
