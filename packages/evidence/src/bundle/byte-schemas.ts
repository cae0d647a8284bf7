import { fromBase64url } from '@cloister/core';
import { z } from 'zod';

/**
 * Schema of bytes in JSON: base64url without padding (RFC 4648 section 5), strict.
 * @param limits number of bytes
 */
export function base64urlBytes({
  min = 0,
  max,
}: {
  readonly min?: number;
  readonly max: number;
}): z.ZodType<Uint8Array> {
  return z
    .string()
    .max(Math.ceil((max * 4) / 3))
    .transform((text, context) => {
      try {
        const bytes = fromBase64url(text);
        if (bytes.length >= min && bytes.length <= max) return bytes;
      } catch {
        // Falls through to the issue below, which does not quote the input.
      }
      context.addIssue({ code: 'custom', message: 'not base64url of the expected length' });
      return z.NEVER;
    });
}

/** Schema of exactly `length` bytes. */
export function exactBytes(length: number): z.ZodType<Uint8Array> {
  return base64urlBytes({ min: length, max: length });
}
