import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the relay does to the traffic it carries. */
export interface HostileRelayOptions {
  /** Rewrites the body of a JSON answer, for example the evidence. */
  readonly rewriteJson?: (path: string, body: string) => string;
  /** Ends the connection after this many bytes of a streamed answer (a FIN that looks like a clean end). */
  readonly cutStreamAfter?: number;
}

/** An HTTP relay on loopback between a client and a gateway, as a cluster operator could run one. */
export interface HostileRelay {
  /** `http://127.0.0.1:PORT` of the relay. */
  readonly url: string;
  /** Bytes of request bodies that came through, per path without its query. */
  readonly requestBytes: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Starts a relay in front of `target` (`http://127.0.0.1:PORT`). */
export async function createHostileRelay(target: string, options: HostileRelayOptions = {}): Promise<HostileRelay> {
  const requestBytes = new Map<string, number>();
  const server = createServer((request, response) => {
    relay(target, options, requestBytes, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requestBytes,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function relay(
  target: string,
  options: HostileRelayOptions,
  requestBytes: Map<string, number>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
  const url = new URL(request.url ?? '/', target);
  requestBytes.set(url.pathname, (requestBytes.get(url.pathname) ?? 0) + body.length);
  const answer = await fetch(url, {
    method: request.method ?? 'GET',
    headers: { 'content-type': request.headers['content-type'] ?? 'application/octet-stream' },
    ...(body.length > 0 ? { body } : {}),
  });
  const type = answer.headers.get('content-type') ?? '';
  response.writeHead(answer.status, { 'content-type': type });
  if (type.includes('json')) {
    const text = await answer.text();
    response.end(options.rewriteJson?.(url.pathname, text) ?? text);
  } else await copy(answer, response, options.cutStreamAfter ?? Number.POSITIVE_INFINITY);
}

async function copy(answer: Response, response: ServerResponse, limit: number): Promise<void> {
  let passed = 0;
  for await (const bytes of answer.body ?? []) {
    const rest = Math.min(bytes.length, limit - passed);
    passed += rest;
    response.write(bytes.subarray(0, rest));
    if (passed >= limit) break;
  }
  response.end();
}
