import { fromBase64, fromBase64url, fromHex, parseJson } from '@cloister/core';
import type { ZodType } from 'zod';
import { hostError } from '../errors.ts';

/**
 * Reads JSON from a guest service. Members that the schema does not name are ignored: services grow.
 * @throws ERR_HOST_EVIDENCE_MALFORMED
 */
export function parseAnswer<Value>(schema: ZodType<Value>, bytes: Uint8Array, subject: string): Value {
  const malformed = hostError('ERR_HOST_EVIDENCE_MALFORMED', { subject });
  try {
    const { data } = schema.safeParse(parseJson(bytes));
    if (data !== undefined) return data;
  } catch {
    throw malformed;
  }
  throw malformed;
}

/**
 * Bytes in hex, with or without `0x`, or in base64 of either alphabet, as guest services write them.
 * @throws ERR_HOST_EVIDENCE_MALFORMED
 */
export function decodeBytes(text: string, encoding: 'hex' | 'base64', subject: string): Uint8Array {
  try {
    if (encoding === 'hex') return fromHex(text.replace(/^0x/, ''));
    return /[-_]/.test(text) ? fromBase64url(text) : fromBase64(text);
  } catch {
    throw hostError('ERR_HOST_EVIDENCE_MALFORMED', { subject });
  }
}
