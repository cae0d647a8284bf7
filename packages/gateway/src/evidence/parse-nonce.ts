import { fromBase64url } from '@cloister/core';
import { gatewayError } from '../errors.ts';

const QUERY = /^\?nonce=([A-Za-z0-9_-]{43})$/;

/**
 * The nonce of an evidence request.
 * @param query from the question mark on; the nonce is its only parameter
 * @returns 32 bytes
 * @throws ERR_GATEWAY_NONCE_INVALID
 */
export function parseNonce(query: string): Uint8Array {
  const text = QUERY.exec(query)?.[1];
  if (text === undefined) throw gatewayError('ERR_GATEWAY_NONCE_INVALID');
  try {
    return fromBase64url(text);
  } catch {
    throw gatewayError('ERR_GATEWAY_NONCE_INVALID');
  }
}
