import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Metrics } from './metrics.ts';

/** What the second port tells. */
export interface OperationsOptions {
  readonly metrics: Metrics;
  /** Whether new requests are welcome. */
  readonly isReady: () => boolean;
}

/**
 * A server for the machine's own supervisor: `/healthz` (the process lives), `/readyz` (200, or 503 once it drains) and
 * `/metrics` (Prometheus text format). It listens on loopback alone and knows nothing about callers.
 */
export function createOperationsServer({ metrics, isReady }: OperationsOptions): Server {
  return createServer((request, response) => {
    if (request.method !== 'GET') return answer(response, 405, '');
    if (request.url === '/healthz') return answer(response, 200, 'alive\n');
    if (request.url === '/readyz')
      return isReady() ? answer(response, 200, 'ready\n') : answer(response, 503, 'draining\n');
    if (request.url !== '/metrics') return answer(response, 404, '');
    metrics.render().then(
      (text) => answer(response, 200, text),
      () => answer(response, 500, ''),
    );
  });
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
}
