import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { simulatorError } from '../errors.ts';
import { createEngine, type Engine, type EngineCounters } from './engine.ts';
import { resolveOptions, type ResolvedOptions, type VllmFault, type VllmStandInOptions } from './options.ts';
import { answerExchange, type RouteResult } from './routes.ts';
import { WireRefusal } from './wire-refusal.ts';

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** Lower-case names; repeated headers joined as node:http does. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body's exact text. */
  readonly body: string;
}

/** A running stand-in. */
export interface VllmStandIn {
  /** `http://127.0.0.1:PORT`, without a path. */
  readonly url: string;
  /** The served model's name. */
  readonly model: string;
  /** The last requests (at most 1,000) in order of arrival. */
  readonly requests: readonly SeenRequest[];
  /** What the engine counted since the start, in tokens; `running` is the number of requests it works on. */
  readonly counters: Readonly<EngineCounters>;
  /** How many requests ended because the peer went away. */
  readonly disconnects: number;
  /** Shows `fault` on every later generate request; `undefined` stops it. */
  setFault(fault: VllmFault | undefined): void;
  /** The engine's process ends and begins anew: the cache is empty and the metrics say another start. */
  restart(): void;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

const MOST_BODY_BYTES = 16 * 1024 * 1024;
const MOST_REQUESTS = 1000;

interface ServerState {
  readonly options: ResolvedOptions;
  readonly engine: Engine;
  readonly requests: SeenRequest[];
  fault: VllmFault | undefined;
  disconnects: number;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) throw new WireRefusal(413, { detail: 'Request Entity Too Large' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function writeResult(
  response: ServerResponse,
  status: number,
  result: RouteResult,
  headers: Readonly<Record<string, string>>,
): void {
  if (result === undefined) return;
  const text = result === null ? '' : typeof result === 'string' ? result : JSON.stringify(result);
  const type = typeof result === 'string' ? 'text/plain; version=1.0.0; charset=utf-8' : 'application/json';
  response.writeHead(status, {
    ...headers,
    'content-length': Buffer.byteLength(text),
    ...(result === null ? {} : { 'content-type': type }),
    ...(status === 401 ? {} : { vary: 'Origin' }),
  });
  response.end(text);
}

async function serve(state: ServerState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => {
    if (response.writableFinished) return;
    state.disconnects += 1;
    gone.abort();
  });
  response.setHeader('server', 'cloister-stand-in');
  response.removeHeader('connection');
  const method = request.method ?? 'GET';
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  try {
    const body = await readBody(request);
    state.requests.push({ method, path, headers, body });
    if (state.requests.length > MOST_REQUESTS) state.requests.shift();
    const { options, engine, fault } = state;
    const exchange = {
      method,
      path,
      body,
      response,
      options,
      engine,
      fault,
      signal: gone.signal,
      requestId: headers['x-request-id'],
    };
    writeResult(response, 200, await answerExchange(exchange, headers['authorization']), {});
  } catch (error) {
    if (response.headersSent) return;
    if (error instanceof WireRefusal) writeResult(response, error.status, error.body as object, error.headers);
    else response.destroy();
  }
}

/**
 * Starts a stand-in for vLLM 0.32 on loopback. It speaks vLLM's wire format over a prefix cache with vLLM's block hashes, and
 * answers by quoting the prompt: there is no model, and every answer says so (`model`, `system_fingerprint`).
 * @throws CloisterError `ERR_SIMULATOR_OPTION`, `ERR_SIMULATOR_PORT`
 */
export async function startVllmStandIn(options: VllmStandInOptions = {}): Promise<VllmStandIn> {
  const resolved = resolveOptions(options);
  const engine = createEngine(resolved);
  const state: ServerState = { options: resolved, engine, requests: [], fault: resolved.fault, disconnects: 0 };
  const server = createServer((request, response) => void serve(state, request, response));
  server.listen(resolved.port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    throw simulatorError('ERR_SIMULATOR_PORT', { detail: { port: resolved.port } });
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    model: resolved.model,
    requests: state.requests,
    counters: engine.counters,
    get disconnects() {
      return state.disconnects;
    },
    setFault(fault) {
      state.fault = fault;
    },
    restart: () => engine.restart(),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
