import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** What a server last said about when to come back. */
export interface RetryAfter {
  /** How long to wait from now, as the last refusal said; `undefined` when it said nothing that can be read. */
  milliseconds(): number | undefined;
  stop(): void;
}

/** What undici, which is below `fetch`, publishes when the headers of an answer are there. */
interface Answered {
  readonly request: { readonly origin?: unknown };
  readonly response: { readonly statusCode: number; readonly headers: readonly Uint8Array[] };
}

const CHANNEL = 'undici:request:headers';

/**
 * Listens for the header `Retry-After` (RFC 9110, section 10.2.3) of answers with status 429: the client keeps only its
 * first character and throws the rest away.
 */
export function watchRetryAfter(origin: string): RetryAfter {
  let until: number | undefined;
  const listen = (message: unknown): void => {
    const { request, response } = message as Answered;
    if (response.statusCode !== 429 || String(request.origin) !== origin) return;
    until = parseRetryAfter(findHeader(response.headers, 'retry-after'), Date.now());
  };
  subscribe(CHANNEL, listen);
  return {
    milliseconds: () => (until === undefined ? undefined : Math.max(0, until - Date.now())),
    stop: () => void unsubscribe(CHANNEL, listen),
  };
}

/** When to come back, in milliseconds since the epoch; `undefined` for what is neither seconds nor a date. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return now + 1000 * Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) || !/^[A-Za-z]/.test(value) ? undefined : date;
}

/** Names and values take turns. */
function findHeader(headers: readonly Uint8Array[], wanted: string): string | undefined {
  const text = (bytes: Uint8Array | undefined): string => new TextDecoder('latin1').decode(bytes);
  const at = headers.findIndex((name, place) => place % 2 === 0 && text(name).toLowerCase() === wanted);
  return at < 0 ? undefined : text(headers[at + 1]).trim();
}
