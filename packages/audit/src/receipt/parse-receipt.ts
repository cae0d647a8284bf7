import { canonicalJson, equalBytes, fromBase64url, parseJson } from '@cloister/core';
import { auditError } from '../errors.ts';
import { MAX_RECEIPT_LENGTH, receiptSchema } from './receipt.ts';
import type { Receipt } from './receipt.ts';

/** A receipt taken apart; nothing about it has been verified. */
export interface ParsedReceipt {
  readonly receipt: Receipt;
  /** The canonical JSON as it was signed. */
  readonly payload: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/**
 * Takes a receipt's text apart, strictly: canonical JSON, known members, canonical base64url.
 * @throws CloisterError `ERR_AUDIT_RECEIPT`
 */
export function parseReceipt(text: string): ParsedReceipt {
  if (text.length > MAX_RECEIPT_LENGTH) throw auditError('ERR_AUDIT_RECEIPT');
  const [encodedPayload, encodedSignature, rest] = text.split('.', 3);
  if (encodedPayload === undefined || encodedSignature === undefined || rest !== undefined) {
    throw auditError('ERR_AUDIT_RECEIPT');
  }
  const payload = decode(encodedPayload);
  const signature = decode(encodedSignature);
  const receipt = parsePayload(payload);
  if (signature.length !== 64 || receipt === undefined) throw auditError('ERR_AUDIT_RECEIPT');
  return { receipt, payload, signature };
}

function decode(text: string): Uint8Array {
  try {
    return fromBase64url(text);
  } catch {
    throw auditError('ERR_AUDIT_RECEIPT');
  }
}

function parsePayload(payload: Uint8Array): Receipt | undefined {
  try {
    const { data } = receiptSchema.safeParse(parseJson(payload, { maxDepth: 4 }));
    return data !== undefined && equalBytes(canonicalJson(data), payload) ? data : undefined;
  } catch {
    return undefined;
  }
}
