import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { PieceSource } from '@cloister/channel';
import { readNodeStream } from '@cloister/channel/node';
import { isCloisterError } from '@cloister/core';
import { answerSealed, type SealedAnswer } from './sealed/answer-sealed.ts';
import { errorJson } from './error-answer.ts';
import { gatewayError } from './errors.ts';
import type { EvidenceDesk } from './evidence/evidence-desk.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { AnswerFigures } from './operations/metrics.ts';
import { parseNonce } from './evidence/parse-nonce.ts';

/** Where evidence is served (DESIGN 6.1). */
export const EVIDENCE_PATH = '/.well-known/cloister/evidence';
/** Where sealed requests arrive (RFC 9540 section 3). */
export const SEALED_PATH = '/.well-known/ohttp-gateway';

const SEALED_QUERY = /^\?keyset=([0-9a-f]{64})$/;
/** RFC 9458 section 6.2: the key is not known. */
const KEY_PROBLEM =
  '{"type":"https://iana.org/assignments/http-problem-types#ohttp-key","title":"key identifier unknown"}';
/** Nothing here depends on cookies or other ambient authority, so every origin may ask. */
const OPEN_TO_BROWSERS = { 'access-control-allow-origin': '*', 'cache-control': 'no-store' };
const PREFLIGHT = {
  ...OPEN_TO_BROWSERS,
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'content-type',
};

/** Creates the outer server: two paths, plain HTTP, nothing confidential in clear. */
export function createHttpServer(context: GatewayContext, desk: EvidenceDesk): Server {
  const options = {
    maxHeaderSize: 16_384,
    headersTimeout: 10_000,
    requestTimeout: context.config.bodyMilliseconds + 10_000,
  };
  return createServer(options, (request, response) => {
    dispatch(context, desk, request, response).catch((error: unknown) => {
      context.report(isCloisterError(error) ? error : gatewayError('ERR_GATEWAY_INTERNAL', { cause: error }));
      // What was written in this turn is still corked and would be lost.
      setImmediate(() => response.destroy());
    });
  });
}

async function dispatch(
  context: GatewayContext,
  desk: EvidenceDesk,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A connection that stays open would keep a draining gateway alive.
  if (context.isDraining()) response.setHeader('connection', 'close');
  const [path = '', query = ''] = splitTarget(request.url ?? '');
  if (request.method === 'OPTIONS') return finish(response, 204, PREFLIGHT);
  if (request.method === 'GET' && path === EVIDENCE_PATH) return giveEvidence(context, desk, query, response);
  if (request.method === 'POST' && path === SEALED_PATH) return giveSealed(context, query, request, response);
  return finish(response, 404, OPEN_TO_BROWSERS);
}

function splitTarget(target: string): readonly string[] {
  const at = target.indexOf('?');
  return at === -1 ? [target] : [target.slice(0, at), target.slice(at)];
}

async function giveEvidence(
  context: GatewayContext,
  desk: EvidenceDesk,
  query: string,
  response: ServerResponse,
): Promise<void> {
  const headers = { ...OPEN_TO_BROWSERS, 'content-type': 'application/json' };
  try {
    const bundle = await desk.issue(parseNonce(query));
    context.metrics.attested();
    return finish(response, 200, headers, bundle);
  } catch (error) {
    if (!isCloisterError(error)) throw error;
    return finish(response, error.retryable ? 503 : 400, headers, errorJson(error));
  }
}

async function giveSealed(
  context: GatewayContext,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const keyset = SEALED_QUERY.exec(query)?.[1];
  if (request.headers['content-type'] !== 'message/ohttp-chunked-req' || keyset === undefined)
    return refuse(request, response);
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  // Giving up on the request must not close the connection on which the refusal travels.
  const body = readNodeStream(request, () => undefined);
  const ended = context.metrics.began();
  let answered: SealedAnswer | undefined;
  try {
    const reply = await answerSealed(context, { keyset, body, signal: gone.signal });
    if ('refused' in reply)
      return await refuse(request, response, reply.refused === 'keyset' ? KEY_PROBLEM : undefined);
    answered = reply;
    response.writeHead(200, { ...OPEN_TO_BROWSERS, 'content-type': 'message/ohttp-chunked-res' });
    await write(reply.sealed, response);
  } finally {
    ended(answered && figuresOf(context, answered));
  }
}

function figuresOf({ clock }: GatewayContext, { status, notes }: SealedAnswer): AnswerFigures {
  const { route = 'unknown', startedAt, usage } = notes;
  return { route, status, seconds: (clock.now() - startedAt) / 1000, usage };
}

/** How long an unread rest is taken in before a refusal, in ms: closing at once could destroy the refusal on its way. */
const LINGER = 1_000;

/** The one plaintext refusal (DESIGN 6.2). */
async function refuse(request: IncomingMessage, response: ServerResponse, problem?: string): Promise<void> {
  if (!request.complete) await lingered(request);
  const type = problem === undefined ? {} : { 'content-type': 'application/problem+json' };
  finish(
    response,
    400,
    { ...OPEN_TO_BROWSERS, ...type, ...(request.complete ? {} : { connection: 'close' }) },
    problem,
  );
}

function lingered(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LINGER);
    const go = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.once('end', go).once('close', go).resume();
  });
}

function finish(response: ServerResponse, status: number, headers: Record<string, string>, body = ''): void {
  response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Writes as fast as the caller reads. A sealed answer that breaks breaks the connection. */
async function write(sealed: PieceSource, response: ServerResponse): Promise<void> {
  for (let piece = await sealed.next(); piece !== undefined; piece = await sealed.next()) {
    if (response.destroyed) return sealed.cancel();
    if (!response.write(piece)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}
