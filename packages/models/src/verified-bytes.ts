import { sha256, toHex } from '@cloister/core';
import { modelsError } from './errors.ts';

declare const verifiedBrand: unique symbol;

/** Bytes whose SHA-256 was compared with a pinned one in this process. A cast or a copy is refused at run time. */
export type VerifiedBytes = Uint8Array & { readonly [verifiedBrand]: true };

const verified = new WeakSet<object>();

/**
 * Marks bytes as verified, or gives `undefined` when their SHA-256 is another one. The caller must not change the bytes
 * afterwards: code in the same process is trusted.
 * @param digest 64 lower-case hex digits
 */
export function verifyBytes(bytes: Uint8Array, digest: string): VerifiedBytes | undefined {
  if (toHex(sha256(bytes)) !== digest) return undefined;
  verified.add(bytes);
  return bytes as VerifiedBytes;
}

/**
 * The gate in front of everything that interprets model bytes.
 * @throws CloisterError `ERR_MODELS_NOT_VERIFIED`
 */
export function requireVerified(bytes: VerifiedBytes): VerifiedBytes {
  if (!verified.has(bytes)) throw modelsError('ERR_MODELS_NOT_VERIFIED');
  return bytes;
}
