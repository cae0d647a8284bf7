import { type IncomingMessage, request, type RequestOptions } from 'node:http';
import { hostError } from '../errors.ts';

/** A service of this guest: a port of 127.0.0.1 or a Unix socket. Names are never resolved. */
export type LocalService = { readonly port: number } | { readonly socket: string };

/** One request to it. */
export interface LocalRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
}

/** Largest answer in bytes: a quote, its event log and eight GPUs fit several times. */
const MAX_ANSWER = 8 * 1024 * 1024;
const TIMEOUT = 60_000;

/**
 * Asks a service of this guest and returns the body of its 200.
 * @throws ERR_HOST_EVIDENCE_UNAVAILABLE, ERR_HOST_EVIDENCE_REFUSED with `detail.status`, ERR_HOST_EVIDENCE_MALFORMED
 */
export async function requestLocal(service: LocalService, { method, path, body }: LocalRequest): Promise<Uint8Array> {
  const place = 'socket' in service ? { socketPath: service.socket } : { host: '127.0.0.1', port: service.port };
  const headers = { host: 'localhost', ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const signal = AbortSignal.timeout(TIMEOUT);
  const response = await send({ ...place, method, path, headers, agent: false, signal }, body);
  if (response.statusCode !== 200) {
    response.destroy();
    throw hostError('ERR_HOST_EVIDENCE_REFUSED', { detail: { status: response.statusCode ?? 0 } });
  }
  return readBody(response);
}

async function send(options: RequestOptions, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const call = request(options, resolve);
    call.on('error', (cause) => reject(hostError('ERR_HOST_EVIDENCE_UNAVAILABLE', { cause })));
    call.end(body);
  });
}

async function readBody(response: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of response as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > MAX_ANSWER) break;
      parts.push(part);
    }
  } catch (cause) {
    throw hostError('ERR_HOST_EVIDENCE_UNAVAILABLE', { cause });
  }
  if (length > MAX_ANSWER) throw hostError('ERR_HOST_EVIDENCE_MALFORMED', { detail: { most: MAX_ANSWER } });
  return new Uint8Array(Buffer.concat(parts));
}
