import type { OpenedRequest } from '@cloister/channel';
import { isCloisterError, lengthPrefixed, sha256 } from '@cloister/core';
import type { PrincipalClaims } from '@cloister/core';
import { principalClaims } from '@cloister/tenancy';
import { gatewayError } from '../errors.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { parseBearer, parseRequestId, verifyDate } from './parse-sealed-headers.ts';

/** Who sent a request. */
export interface Caller {
  readonly claims: PrincipalClaims;
  /** The caller's name for the request. */
  readonly requestId: string;
  /** Whether the request fits the replay window. One that does not is refused under the seal: its caller is known. */
  readonly isRemembered: boolean;
}

/** Most bytes of sealed header fields (DESIGN 6.2). */
export const MAX_HEADER_BYTES = 32_768;

/**
 * Decides from the header section alone whether a request is served: size, date, bearer token, then the replay window. The
 * caller's request id enters the window with the encapsulated key, so that a request which a client seals again, after
 * somebody on the way faked the answer that its keyset is unknown, still runs at most once.
 * @throws ERR_GATEWAY_HEADER_TOO_LARGE, ERR_GATEWAY_HEADER_INVALID, ERR_GATEWAY_DATE_REFUSED,
 *   ERR_GATEWAY_NOT_AUTHENTICATED, ERR_GATEWAY_REPLAYED
 */
export async function authenticate(context: GatewayContext, opened: OpenedRequest): Promise<Caller> {
  const { headers } = opened.head;
  const size = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (size > MAX_HEADER_BYTES) throw gatewayError('ERR_GATEWAY_HEADER_TOO_LARGE');
  verifyDate(headers, context.clock.now());
  const requestId = parseRequestId(headers);
  const claims = await claimsOf(context, parseBearer(headers));
  const named = sha256(lengthPrefixed('request-id', claims.issuer, claims.tenant, claims.subject, requestId));
  const verdict = context.replay.admit([sha256(opened.enc), named], context.clock.now());
  if (verdict === 'replayed') throw gatewayError('ERR_GATEWAY_REPLAYED');
  return { claims, requestId, isRemembered: verdict === 'fresh' };
}

async function claimsOf(context: GatewayContext, bearer: string): Promise<PrincipalClaims> {
  try {
    return principalClaims(await context.callers.verify(bearer));
  } catch (error) {
    if (isCloisterError(error)) throw gatewayError('ERR_GATEWAY_NOT_AUTHENTICATED', { cause: error });
    throw error;
  }
}
