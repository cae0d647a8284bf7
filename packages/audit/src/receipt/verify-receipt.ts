import { equalBytes, fromHex, sha256 } from '@cloister/core';
import { auditError } from '../errors.ts';
import { verifyEd25519 } from '../verify-ed25519.ts';
import { parseReceipt } from './parse-receipt.ts';
import { commitment, receiptDigest, signedBytes } from './receipt.ts';
import type { Receipt } from './receipt.ts';

/** What the verifier knows about the exchange. */
export interface VerifyReceiptOptions {
  /** The receipt key of the attested keyset: 32 bytes, Ed25519. */
  readonly receiptKey: Uint8Array;
  /** The opening: HPKE export("cloister/receipt/v1", 32). Needed to check a transcript. */
  readonly k?: Uint8Array;
  /** The encapsulated key of the sealed request. */
  readonly enc?: Uint8Array;
  /** Digest of the request's transcript. */
  readonly requestDigest?: Uint8Array;
  /** Digest of the response's transcript. */
  readonly responseDigest?: Uint8Array;
}

/** A receipt whose signature holds, and what else was compared. */
export interface VerifiedReceipt {
  readonly receipt: Receipt;
  /** SHA-256 of the receipt's text, hex: the `receipt` member of an `inference.end` event. */
  readonly digest: string;
  /** Which of the exchange's parts the receipt was compared with; all that were given matched. */
  readonly matched: { readonly enc: boolean; readonly request: boolean; readonly response: boolean };
}

/**
 * Verifies a receipt against the attested receipt key and, as far as given, against the exchange itself (DESIGN 6.7).
 * @throws CloisterError `ERR_AUDIT_RECEIPT` when it is malformed, `ERR_AUDIT_RECEIPT_SIGNATURE` when another key signed
 *   it, `ERR_AUDIT_RECEIPT_COMMITMENT` when it is about another exchange or a digest comes without `k`
 */
export async function verifyReceipt(text: string, options: VerifyReceiptOptions): Promise<VerifiedReceipt> {
  const { receipt, payload, signature } = parseReceipt(text);
  if (!(await verifyEd25519(options.receiptKey, signedBytes(payload), signature))) {
    throw auditError('ERR_AUDIT_RECEIPT_SIGNATURE');
  }
  const enc = matchEnc(receipt, options.enc);
  const request = matchTranscript('request', receipt, options.k, options.requestDigest);
  const response = matchTranscript('response', receipt, options.k, options.responseDigest);
  return Object.freeze({ receipt, digest: receiptDigest(text), matched: Object.freeze({ enc, request, response }) });
}

function matchEnc(receipt: Receipt, enc: Uint8Array | undefined): boolean {
  if (enc === undefined) return false;
  if (!equalBytes(fromHex(receipt.enc), sha256(enc))) {
    throw auditError('ERR_AUDIT_RECEIPT_COMMITMENT', { subject: 'enc' });
  }
  return true;
}

function matchTranscript(
  kind: 'request' | 'response',
  receipt: Receipt,
  k: Uint8Array | undefined,
  transcript: Uint8Array | undefined,
): boolean {
  if (transcript === undefined) return false;
  if (k === undefined || !equalBytes(fromHex(receipt[kind]), fromHex(commitment(kind, k, transcript)))) {
    throw auditError('ERR_AUDIT_RECEIPT_COMMITMENT', { subject: kind });
  }
  return true;
}
