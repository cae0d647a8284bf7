import type { ServerResponse } from 'node:http';
import { embedRequest } from './embed.ts';
import { handleGenerate, type GenerateContext } from './handle-generate.ts';
import {
  createMetrics,
  createModelList,
  detokenizeRequest,
  IMITATED_VERSION,
  tokenizeRequest,
} from './handle-plain.ts';
import { loseSalt } from './lose-salt.ts';
import { parseBody } from './parse-body.ts';
import { parseGenerateRequest } from './parse-generate-request.ts';
import { apiError, WireRefusal } from './wire-refusal.ts';

/** One HTTP exchange, as routes see it. */
export interface Exchange extends GenerateContext {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  /** The request's body as text. */
  readonly body: string;
  readonly response: ServerResponse;
}

/** A JSON value to answer with, a text, `null` for an empty body, or nothing when the answer was streamed. */
export type RouteResult = object | string | null | undefined;

type Route = (exchange: Exchange) => RouteResult | Promise<RouteResult>;

const generate =
  (kind: 'chat' | 'text'): Route =>
  (exchange) => {
    const request = parseGenerateRequest(kind, parseBody(loseSalt(exchange.body, exchange.fault)), exchange.options);
    if (exchange.fault?.kind === 'error') throw apiError(exchange.fault.status, exchange.fault.message);
    return handleGenerate(request, exchange.response, exchange);
  };

const COMMON: Readonly<Record<string, Route>> = {
  'GET /health': () => null,
  'GET /ping': () => null,
  'GET /load': ({ engine }) => ({ server_load: engine.counters.running }),
  'GET /version': () => ({ version: IMITATED_VERSION }),
  'GET /metrics': ({ engine, options }) => createMetrics(engine, options),
  'GET /v1/models': ({ options }) => createModelList(options),
  'POST /tokenize': ({ body, options }) => tokenizeRequest(parseBody(body), options),
  'POST /detokenize': ({ body }) => detokenizeRequest(parseBody(body)),
};

const GENERATE: Readonly<Record<string, Route>> = {
  'POST /v1/chat/completions': generate('chat'),
  'POST /v1/completions': generate('text'),
  // Outside the paths that --api-key guards, as in vLLM: only a gateway in front closes this door.
  'POST /invocations': generate('chat'),
  'POST /v1/chat/completions/render': () => {
    throw apiError(403, 'Scale-out endpoints are disabled. Restart vllm serve with --enable-scale-out to enable them.');
  },
};

const POOLING: Readonly<Record<string, Route>> = {
  'POST /v1/embeddings': ({ body, options }) => embedRequest(parseBody(body), options),
};

const DEVELOPMENT: Readonly<Record<string, Route>> = {
  'POST /reset_prefix_cache': ({ engine }) => ({ success: engine.cache.reset() }),
};

/**
 * Answers one exchange.
 * @throws WireRefusal 401, 404, 405 and what the route refuses
 */
export async function answerExchange(exchange: Exchange, authorization: string | undefined): Promise<RouteResult> {
  const { method, path, options } = exchange;
  if (options.apiKey !== undefined && path.startsWith('/v1/') && authorization !== `Bearer ${options.apiKey}`) {
    throw new WireRefusal(401, { error: 'Unauthorized' });
  }
  const routes = {
    ...COMMON,
    ...(options.runner === 'generate' ? GENERATE : POOLING),
    ...(options.developmentMode ? DEVELOPMENT : {}),
  };
  const route = Object.hasOwn(routes, `${method} ${path}`) ? routes[`${method} ${path}`] : undefined;
  if (route !== undefined) return await route(exchange);
  const other = ['GET', 'POST'].find((candidate) => Object.hasOwn(routes, `${candidate} ${path}`));
  if (other === undefined) throw new WireRefusal(404, { detail: 'Not Found' });
  throw new WireRefusal(405, { detail: 'Method Not Allowed' }, { allow: other });
}
