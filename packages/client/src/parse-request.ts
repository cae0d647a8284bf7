import { utf8 } from '@cloister/core';
import { clientError } from './errors.ts';
import { readBounded } from './read-bounded.ts';

/** A request as the caller gave it, read whole so that it can be sealed twice. */
export interface PlainRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly signal: AbortSignal | undefined;
}

type Input = Parameters<typeof globalThis.fetch>[0];

/** The address that `fetch` was called with. @throws ERR_CLIENT_REQUEST_INVALID */
export function parseAddress(input: Input): URL {
  const text = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
  if (!URL.canParse(text)) throw clientError('ERR_CLIENT_REQUEST_INVALID', { subject: 'url' });
  return new URL(text);
}

/** The signal that ends the call: that of `init` before that of a `Request`, as in `fetch`. */
export function signalOf(input: Input, init: RequestInit | undefined): AbortSignal | undefined {
  return init?.signal ?? (input instanceof Request ? input.signal : undefined);
}

/**
 * Reads the arguments of `fetch`. No `Request` is made of them: it would tie a listener to the caller's signal.
 * @param most largest body in bytes
 * @throws ERR_CLIENT_REQUEST_INVALID, ERR_CLIENT_REQUEST_TOO_LARGE
 */
export async function parseRequest(input: Input, init: RequestInit | undefined, most: number): Promise<PlainRequest> {
  const request = input instanceof Request ? input : undefined;
  const url = parseAddress(input);
  const method = (init?.method ?? request?.method ?? 'GET').toUpperCase();
  const headers = new Headers(init?.headers ?? request?.headers);
  const body = await readBody(init?.body ?? request?.body, headers, most);
  if (body.length > 0 && (method === 'GET' || method === 'HEAD'))
    throw clientError('ERR_CLIENT_REQUEST_INVALID', { subject: 'body' });
  return { method, url, headers, body, signal: signalOf(input, init) };
}

async function readBody(body: BodyInit | null | undefined, headers: Headers, most: number): Promise<Uint8Array> {
  if (body === null || body === undefined) return new Uint8Array(0);
  const tooLarge = (): Error => clientError('ERR_CLIENT_REQUEST_TOO_LARGE', { detail: { most } });
  if (typeof body === 'string' && body.length > most) throw tooLarge();
  if (typeof body === 'string' && headers.has('content-type')) return bounded(utf8(body), most, tooLarge);
  // The platform knows every kind of body and its media type.
  const carrier = new Response(body);
  const type = carrier.headers.get('content-type');
  if (type !== null && !headers.has('content-type')) headers.set('content-type', type);
  return carrier.body === null ? new Uint8Array(0) : readBounded(carrier.body, most, tooLarge);
}

function bounded(bytes: Uint8Array, most: number, tooLarge: () => Error): Uint8Array {
  if (bytes.length > most) throw tooLarge();
  return bytes;
}
