import { fromBase64url } from '@cloister/core';
import * as z from 'zod/mini';

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
}): z.ZodMiniType<Uint8Array> {
  return z.pipe(
    z.string().check(z.maxLength(Math.ceil((max * 4) / 3))),
    z.transform((text: string, context) => {
      try {
        const bytes = fromBase64url(text);
        if (bytes.length >= min && bytes.length <= max) return bytes;
      } catch {
        // Falls through to the issue below, which does not quote the input.
      }
      context.issues.push({ code: 'custom', message: 'not base64url of the expected length', input: undefined });
      return z.NEVER;
    }),
  );
}

/** Schema of exactly `length` bytes. */
export function exactBytes(length: number): z.ZodMiniType<Uint8Array> {
  return base64urlBytes({ min: length, max: length });
}
