import { hmacSha256, lengthPrefixed, sha256, toHex, utf8 } from '@cloister/core';
import * as z from 'zod';

/**
 * What the gateway says about one exchange (DESIGN 6.7). Digests and commitments are 64 lower-case hex digits; `request`
 * and `response` can only be opened by whoever holds k.
 */
export interface Receipt {
  readonly v: 1;
  /** SHA-256 of the encapsulated key of the sealed request. */
  readonly enc: string;
  /** HMAC-SHA-256(k, LP("request") || LP(digest of the request's transcript)). */
  readonly request: string;
  /** HMAC-SHA-256(k, LP("response") || LP(digest of the response's transcript)). */
  readonly response: string;
  /** SHA-256 of the keyset that the request was sealed to. */
  readonly keyset: string;
  /** SHA-256 of the gateway's effective configuration. */
  readonly deployment: string;
  /** SHA-256 of the wire policy in force. */
  readonly wirePolicy: string;
  /** The model as the engine names it: declared, not proven. */
  readonly model?: string;
  /** How far this exchange shared cached prefixes. */
  readonly scope?: ReceiptScope;
  /** Token counts as the engine reported them. */
  readonly usage?: ReceiptUsage;
  /** Milliseconds since the epoch by the gateway's clock. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Digests that the client sent along; the gateway repeats them without knowing more. */
  readonly claimed?: { readonly evidence?: string; readonly policy?: string };
}

/** A cache scope (DESIGN 6.6). */
export type ReceiptScope = 'request' | 'session' | 'user' | 'tenant' | 'group';

/** Token counts of one exchange. */
export interface ReceiptUsage {
  readonly input: number;
  readonly output: number;
  /** Prompt tokens that came out of the prefix cache. */
  readonly cached?: number;
}

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);

/** The strict shape of a receipt. */
export const receiptSchema: z.ZodType<Receipt> = z.strictObject({
  v: z.literal(1),
  enc: digest,
  request: digest,
  response: digest,
  keyset: digest,
  deployment: digest,
  wirePolicy: digest,
  model: z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/)
    .exactOptional(),
  scope: z.enum(['request', 'session', 'user', 'tenant', 'group']).exactOptional(),
  usage: z.strictObject({ input: count, output: count, cached: count.exactOptional() }).exactOptional(),
  startedAt: count,
  endedAt: count,
  claimed: z.strictObject({ evidence: digest.exactOptional(), policy: digest.exactOptional() }).exactOptional(),
});

/** The longest receipt, in characters: it must fit a header of every common server. */
export const MAX_RECEIPT_LENGTH = 4096;

/** Commits to a transcript so that only a holder of k can tell what was said. Hex. */
export function commitment(kind: 'request' | 'response', k: Uint8Array, transcript: Uint8Array): string {
  return toHex(hmacSha256(k, lengthPrefixed(kind, transcript)));
}

/** The bytes that the receipt key signs: a label first, so that the key's signatures mean nothing elsewhere. */
export function signedBytes(payload: Uint8Array): Uint8Array {
  return lengthPrefixed('cloister/receipt/v1', payload);
}

/** SHA-256 of a receipt's text, hex: what the `inference.end` event holds. */
export function receiptDigest(text: string): string {
  return toHex(sha256(utf8(text)));
}
