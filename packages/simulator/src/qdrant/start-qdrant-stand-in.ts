import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Body } from './collection.ts';
import { Refusal } from './refusal.ts';
import { answer, type Collections } from './routes.ts';

/** A request as it arrived. */
export interface QdrantRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body's exact text. */
  readonly body: string;
}

/** What a request got. */
export interface QdrantAnswer {
  readonly request: QdrantRequest;
  /** As JSON. */
  readonly body: unknown;
}

/** How the stand-in behaves. */
export interface QdrantStandInOptions {
  /** Asked for in the header `api-key`; nothing is asked for unless given. */
  readonly apiKey?: string;
  /** What it says it is; `1.19.0` unless given. */
  readonly version?: string;
}

/** A running stand-in. */
export interface QdrantStandIn {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** All requests in order of arrival. */
  readonly requests: readonly QdrantRequest[];
  /** What was answered with success, in the same order. */
  readonly answers: readonly QdrantAnswer[];
  /** Puts the next `count` requests off with status 429; `retryAfter` goes into the header of that name. */
  putOff(count: number, retryAfter?: string): void;
  /** Says to the next `count` questions whether it is ready that it is not. */
  load(count: number): void;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

const MOST_BODY_BYTES = 32 * 1024 * 1024;

interface State {
  readonly options: QdrantStandInOptions;
  readonly collections: Collections;
  readonly requests: QdrantRequest[];
  readonly answers: QdrantAnswer[];
  putOff: { count: number; readonly retryAfter: string | undefined };
  loading: number;
}

/**
 * Starts a stand-in for Qdrant 1.19 on loopback, in memory: collections, keyword indexes, points, scrolling, deletion,
 * counting and exact nearest neighbours. It is as trusting as the server: a filter that is missing, empty or misspelt
 * lets everything through.
 */
export async function startQdrantStandIn(options: QdrantStandInOptions = {}): Promise<QdrantStandIn> {
  const state: State = {
    options,
    collections: new Map(),
    requests: [],
    answers: [],
    putOff: { count: 0, retryAfter: undefined },
    loading: 0,
  };
  const server = createServer((request, response) => void serve(state, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: state.requests,
    answers: state.answers,
    putOff(count, retryAfter) {
      state.putOff = { count, retryAfter };
    },
    load(count) {
      state.loading = count;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url: path = '/' } = request;
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  try {
    const body = await readBody(request);
    const received = { method, path, headers, body };
    state.requests.push(received);
    respond(state, response, received);
  } catch (error) {
    if (error instanceof Refusal) refuse(response, error);
    else response.destroy();
  }
}

function respond(state: State, response: ServerResponse, request: QdrantRequest): void {
  const { method, path, headers, body } = request;
  const [route = '/'] = path.split('?');
  const { apiKey, version = '1.19.0' } = state.options;
  if (route === '/readyz' && state.loading-- > 0) return void response.writeHead(503).end('some shards are not ready');
  if (route === '/readyz' || route === '/healthz') return void response.end('all shards are ready');
  if (route === '/') return send(response, 200, { title: 'qdrant - vector search engine', version });
  if (apiKey !== undefined && headers['api-key'] !== apiKey) throw new Refusal(401, 'Invalid API key or JWT');
  if (state.putOff.count > 0) {
    state.putOff.count--;
    if (state.putOff.retryAfter !== undefined) response.setHeader('retry-after', state.putOff.retryAfter);
    throw new Refusal(429, 'Rate limiting exceeded');
  }
  const answered = { result: answer(state.collections, method, route, parse(body)), status: 'ok', time: 0.001 };
  state.answers.push({ request, body: answered });
  send(response, 200, answered);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MOST_BODY_BYTES) throw new Refusal(400, 'Payload error: JSON payload is larger than allowed');
  return Buffer.concat(chunks).toString('utf8');
}

function parse(body: string): Body {
  if (body === '') return {};
  try {
    return JSON.parse(body) as Body;
  } catch {
    throw new Refusal(400, 'Format error in JSON body');
  }
}

function refuse(response: ServerResponse, { status, message }: Refusal): void {
  if (status === 401) return void response.writeHead(status, { 'content-type': 'text/plain' }).end(message);
  if (message === '') return void response.writeHead(status).end();
  send(response, status, { status: { error: message }, time: 0 });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
