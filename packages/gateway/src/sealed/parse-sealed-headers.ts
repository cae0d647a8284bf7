import { fromHex } from '@cloister/core';
import { CACHE_SCOPES } from '@cloister/session';
import type { CacheScope } from '@cloister/session';
import { parseCacheSalt } from '../body/cache-salt.ts';
import { gatewayError } from '../errors.ts';
import { STREAM_SHAPES, type StreamShape } from '../shape/stream-shape.ts';

/** Header fields with lower-case names, in order. */
export type HeaderFields = readonly (readonly [name: string, value: string])[];

/** How far the sealed date may lie from the gateway's clock, in ms. */
export const DATE_TOLERANCE = 300_000;

const IMF_FIXDATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const REQUEST_ID = /^[A-Za-z0-9_-]{16,64}$/;
const DIGEST = /^[0-9a-f]{64}$/;
const GROUP = /^[\x21-\x7e]{1,128}$/;

/**
 * The one value of a header; `undefined` without it.
 * @throws ERR_GATEWAY_HEADER_INVALID when the header is repeated
 */
export function singleHeader(headers: HeaderFields, name: string): string | undefined {
  const values = headers.filter(([field]) => field === name);
  if (values.length > 1) throw gatewayError('ERR_GATEWAY_HEADER_INVALID', { subject: name });
  return values[0]?.[1];
}

/**
 * Checks that the sealed date (RFC 9110 section 5.6.7, IMF-fixdate) lies within five minutes of `now`.
 * @param now ms since the epoch
 * @throws ERR_GATEWAY_HEADER_INVALID, ERR_GATEWAY_DATE_REFUSED
 */
export function verifyDate(headers: HeaderFields, now: number): void {
  const text = singleHeader(headers, 'date');
  const time = text !== undefined && IMF_FIXDATE.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw gatewayError('ERR_GATEWAY_HEADER_INVALID', { subject: 'date' });
  if (Math.abs(time - now) > DATE_TOLERANCE) throw gatewayError('ERR_GATEWAY_DATE_REFUSED');
}

/** The bearer token of the sealed `authorization` header. @throws ERR_GATEWAY_NOT_AUTHENTICATED */
export function parseBearer(headers: HeaderFields): string {
  const value = singleHeader(headers, 'authorization');
  const token = /^Bearer ([\x21-\x7e]{1,16384})$/i.exec(value ?? '')?.[1];
  if (token === undefined) throw gatewayError('ERR_GATEWAY_NOT_AUTHENTICATED');
  return token;
}

/** The caller's random name for the request, 16 to 64 characters of base64url. @throws ERR_GATEWAY_HEADER_INVALID */
export function parseRequestId(headers: HeaderFields): string {
  const value = singleHeader(headers, 'cloister-request-id');
  if (value === undefined || !REQUEST_ID.test(value)) {
    throw gatewayError('ERR_GATEWAY_HEADER_INVALID', { subject: 'cloister-request-id' });
  }
  return value;
}

/** What a caller says about the cache. */
export interface CacheHeaders {
  /** `session` unless said. */
  readonly scope: CacheScope;
  readonly salt: string | undefined;
  /** Needed by scope `group` alone. */
  readonly group: string | undefined;
}

/** Reads the cache headers. @throws ERR_GATEWAY_HEADER_INVALID, ERR_GATEWAY_SALT_INVALID */
export function parseCacheHeaders(headers: HeaderFields): CacheHeaders {
  const named = singleHeader(headers, 'cloister-cache-scope') ?? 'session';
  const scope = CACHE_SCOPES.find((known) => known === named);
  if (scope === undefined) throw gatewayError('ERR_GATEWAY_HEADER_INVALID', { subject: 'cloister-cache-scope' });
  const salt = singleHeader(headers, 'cloister-cache-salt');
  const group = singleHeader(headers, 'cloister-cache-group');
  if (group !== undefined && !GROUP.test(group))
    throw gatewayError('ERR_GATEWAY_HEADER_INVALID', { subject: 'cloister-cache-group' });
  return { scope, salt: salt === undefined ? undefined : parseCacheSalt(salt), group };
}

/** The shape that a caller asks for; `off` without a header. @throws ERR_GATEWAY_HEADER_INVALID */
export function parseStreamShape(headers: HeaderFields): StreamShape {
  const named = singleHeader(headers, 'cloister-stream-shape') ?? 'off';
  const shape = STREAM_SHAPES.find((known) => known === named);
  if (shape === undefined) throw gatewayError('ERR_GATEWAY_HEADER_INVALID', { subject: 'cloister-stream-shape' });
  return shape;
}

/** Whether the caller may come back for the rest of its answer. @throws ERR_GATEWAY_HEADER_INVALID */
export function wantsResume(headers: HeaderFields): boolean {
  return singleHeader(headers, 'cloister-resumable') === '1';
}

/** Which answer a caller comes back for, and how many sealed bytes of it have arrived. @throws ERR_GATEWAY_HEADER_INVALID */
export function parseResume(headers: HeaderFields): { readonly requestId: string; readonly offset: number } {
  const requestId = singleHeader(headers, 'cloister-resume-id') ?? '';
  const offset = singleHeader(headers, 'cloister-resume-from') ?? '0';
  if (!REQUEST_ID.test(requestId)) throw gatewayError('ERR_GATEWAY_HEADER_INVALID', { subject: 'cloister-resume-id' });
  if (!/^\d{1,15}$/.test(offset)) throw gatewayError('ERR_GATEWAY_HEADER_INVALID', { subject: 'cloister-resume-from' });
  return { requestId, offset: Number(offset) };
}

/** A digest that the caller claims, 32 bytes in hex; `undefined` without it or when it is malformed. */
export function parseClaimedDigest(headers: HeaderFields, name: string): Uint8Array | undefined {
  const values = headers.filter(([field]) => field === name).map(([, value]) => value);
  const [value] = values;
  return values.length === 1 && value !== undefined && DIGEST.test(value) ? fromHex(value) : undefined;
}
