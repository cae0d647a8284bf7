import { canonicalJson, sha256, toBase64url, toHex } from '@cloister/core';
import { auditError } from '../errors.ts';
import { MAX_RECEIPT_LENGTH, commitment, receiptSchema, signedBytes } from './receipt.ts';
import type { ReceiptScope, ReceiptUsage } from './receipt.ts';

/** What goes into a receipt, as the gateway has it. */
export interface ReceiptFields {
  /** HPKE export("cloister/receipt/v1", 32) of the sealed request's context. */
  readonly k: Uint8Array;
  /** The encapsulated key of the sealed request. */
  readonly enc: Uint8Array;
  /** `createTranscript(request head)` after the content, digested: 32 bytes. */
  readonly requestDigest: Uint8Array;
  /** The same of the response, without padding, filler and trailers. */
  readonly responseDigest: Uint8Array;
  /** SHA-256 of the keyset, of the effective configuration and of the wire policy: 32 bytes each. */
  readonly keyset: Uint8Array;
  readonly deployment: Uint8Array;
  readonly wirePolicy: Uint8Array;
  /** The model's name, printable ASCII without spaces, at most 128 characters. */
  readonly model?: string;
  readonly scope?: ReceiptScope;
  readonly usage?: ReceiptUsage;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** 32-byte digests that the client sent along. */
  readonly claimed?: { readonly evidence?: Uint8Array; readonly policy?: Uint8Array };
}

/**
 * Signs a receipt (DESIGN 6.7).
 * @param sign Ed25519 with the receipt key of the attested keyset
 * @returns base64url(canonical JSON) `.` base64url(signature): at most 4096 characters, safe in a header
 * @throws CloisterError `ERR_AUDIT_RECEIPT` when a field is out of its range
 */
export async function createReceipt(
  fields: ReceiptFields,
  sign: (message: Uint8Array) => Promise<Uint8Array>,
): Promise<string> {
  const receipt = receiptSchema.safeParse(describe(fields));
  if (!receipt.success) throw auditError('ERR_AUDIT_RECEIPT');
  const payload = canonicalJson(receipt.data);
  const text = `${toBase64url(payload)}.${toBase64url(await sign(signedBytes(payload)))}`;
  if (text.length > MAX_RECEIPT_LENGTH) throw auditError('ERR_AUDIT_RECEIPT');
  return text;
}

function describe(fields: ReceiptFields): object {
  const { k, model, scope, usage, claimed } = fields;
  return {
    v: 1,
    enc: toHex(sha256(fields.enc)),
    request: commitment('request', k, fields.requestDigest),
    response: commitment('response', k, fields.responseDigest),
    keyset: toHex(fields.keyset),
    deployment: toHex(fields.deployment),
    wirePolicy: toHex(fields.wirePolicy),
    ...(model === undefined ? {} : { model }),
    ...(scope === undefined ? {} : { scope }),
    ...(usage === undefined ? {} : { usage }),
    startedAt: fields.startedAt,
    endedAt: fields.endedAt,
    ...(claimed === undefined ? {} : { claimed: describeClaims(claimed) }),
  };
}

function describeClaims({ evidence, policy }: NonNullable<ReceiptFields['claimed']>): object {
  return {
    ...(evidence === undefined ? {} : { evidence: toHex(evidence) }),
    ...(policy === undefined ? {} : { policy: toHex(policy) }),
  };
}
