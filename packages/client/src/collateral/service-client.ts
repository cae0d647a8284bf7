import { clientError } from '../errors.ts';
import { readBounded } from '../read-bounded.ts';

/** The services, as errors name them. */
export type ServiceName = 'intel-pcs' | 'amd-kds' | 'nvidia-rim' | 'nvidia-ocsp' | 'nvidia-nras';

/** One question to a service. */
export interface ServiceRequest {
  readonly service: ServiceName;
  readonly url: string;
  /** Largest answer, bytes. */
  readonly most: number;
  readonly accept?: string;
  /** Sent by POST when present. */
  readonly body?: { readonly type: string; readonly bytes: Uint8Array };
}

/** The answer to one question. */
export interface ServiceAnswer {
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/**
 * Asks a service.
 * @throws ERR_CLIENT_COLLATERAL_UNAVAILABLE, ERR_CLIENT_COLLATERAL_REFUSED
 */
export type ServiceClient = (request: ServiceRequest) => Promise<ServiceAnswer>;

/** What the client of the services runs on. */
export interface ServiceClientOptions {
  readonly fetch: typeof globalThis.fetch;
  /** Waits, ms. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** ms since the epoch. */
  readonly now: () => number;
  /** ms until one answer must be there whole. */
  readonly timeout: number;
}

const MAX_TRIES = 4;
/** Longest wait between two tries, ms: a service that wants more is down for now. */
const MAX_WAIT = 30_000;

/**
 * Creates the way to the services: redirects are refused, answers bounded in size and time, and a service that asks for
 * patience (429 or 503 with Retry-After, RFC 9110 section 10.2.3) gets it, within limits.
 */
export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  return async (request) => {
    for (let tries = 1; ; tries++) {
      const signal = AbortSignal.timeout(options.timeout);
      const response = await ask(options, request, signal);
      if (response.status === 200) return { headers: response.headers, body: await read(request, response) };
      response.body?.cancel().catch(() => undefined);
      const wait = patience(response, tries, options.now());
      if (wait === undefined || tries === MAX_TRIES) throw refusal(request, response);
      await options.sleep(wait);
    }
  };
}

async function ask({ fetch }: ServiceClientOptions, request: ServiceRequest, signal: AbortSignal): Promise<Response> {
  const { url, body, accept = '*/*', service } = request;
  const headers = { accept, ...(body === undefined ? {} : { 'content-type': body.type }) };
  const payload = body === undefined ? {} : { method: 'POST', body: body.bytes as Uint8Array<ArrayBuffer> };
  try {
    return await fetch(url, {
      ...payload,
      headers,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      signal,
    });
  } catch (error) {
    throw clientError('ERR_CLIENT_COLLATERAL_UNAVAILABLE', { subject: service, cause: error });
  }
}

async function read({ service, most }: ServiceRequest, response: Response): Promise<Uint8Array> {
  const tooLarge = clientError('ERR_CLIENT_COLLATERAL_REFUSED', { subject: service, detail: { most } });
  if (response.body === null) return new Uint8Array(0);
  return readBounded(response.body, most, () => tooLarge).catch((error: unknown) => {
    throw error === tooLarge
      ? error
      : clientError('ERR_CLIENT_COLLATERAL_UNAVAILABLE', { subject: service, cause: error });
  });
}

/** How long to wait before another try, ms; `undefined` when there is no point in one. */
function patience({ status, headers }: Response, tries: number, now: number): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const wanted = headers.get('retry-after');
  if (wanted === null) return 1000 * 2 ** tries;
  const wait = /^\d{1,9}$/.test(wanted) ? Number(wanted) * 1000 : Date.parse(wanted) - now;
  return wait <= MAX_WAIT ? Math.max(wait, 0) : undefined;
}

function refusal({ service }: ServiceRequest, { status }: Response): Error {
  const isDown = status === 429 || status >= 500;
  const code = isDown ? 'ERR_CLIENT_COLLATERAL_UNAVAILABLE' : 'ERR_CLIENT_COLLATERAL_REFUSED';
  return clientError(code, { subject: service, detail: { status } });
}
