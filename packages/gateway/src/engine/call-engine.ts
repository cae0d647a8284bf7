import { request } from 'node:http';
import type { Agent, IncomingMessage } from 'node:http';
import type { PieceSource } from '@cloister/channel';
import { readNodeStream } from '@cloister/channel/node';
import { gatewayError } from '../errors.ts';
import type { Upstream } from '../config/parse-upstream.ts';
import { type CallDeadline, type CallDeadlines, createCallDeadline } from './call-deadline.ts';

/** One call of the engine. Nothing of the caller's headers is in it. */
export interface EngineCall {
  readonly method: string;
  readonly path: string;
  readonly body?: Uint8Array;
  /** Longest silence of the engine in ms. */
  readonly silence: number;
  readonly deadlines: CallDeadlines;
  /** Told when a streamed answer begins. */
  readonly onFirstByte?: () => void;
  /** Ends the call: the engine frees the request as soon as its connection closes. */
  readonly signal: AbortSignal;
}

/** An answer with a 2xx status. */
export interface EngineAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Throws ERR_GATEWAY_ENGINE_CUT when the connection ends before the message does. */
  readonly body: PieceSource;
}

/**
 * Calls the engine over a connection of our own agent, which knows no proxy: environment variables cannot send the
 * prompt elsewhere. Answers other than 2xx are dropped unread.
 * @throws ERR_GATEWAY_ENGINE_UNREACHABLE, ERR_GATEWAY_ENGINE_REFUSED, ERR_GATEWAY_ENGINE_BUSY, ERR_GATEWAY_ENGINE_FAILED
 */
export async function callEngine(upstream: Upstream, agent: Agent, call: EngineCall): Promise<EngineAnswer> {
  const { response, deadline } = await send(upstream, agent, call);
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 299) {
    response.destroy();
    throw refusal(status);
  }
  const contentType = response.headers['content-type'] ?? '';
  const isStream = /^text\/event-stream\b/i.test(contentType);
  if (isStream) deadline.stage(call.deadlines.firstByte);
  const onFirstByte = (): void => {
    deadline.flowing();
    if (isStream) call.onFirstByte?.();
  };
  return { status, contentType, body: readBody(response, deadline, onFirstByte) };
}

interface Started {
  readonly response: IncomingMessage;
  readonly deadline: CallDeadline;
}

function send(upstream: Upstream, agent: Agent, call: EngineCall): Promise<Started> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      agent,
      ...upstream.address,
      method: call.method,
      path: call.path,
      headers: headersOf(call.body),
      signal: call.signal,
      timeout: call.silence,
    });
    outgoing.on('timeout', () => outgoing.destroy(gatewayError('ERR_GATEWAY_ENGINE_UNREACHABLE')));
    const deadline = createCallDeadline(call.deadlines.total, () => outgoing.destroy());
    deadline.stage(call.deadlines.connect);
    outgoing.on('socket', (socket) =>
      socket.connecting ? socket.once('connect', deadline.flowing) : deadline.flowing(),
    );
    outgoing.on('response', (response) => resolve({ response, deadline }));
    outgoing.on('error', () => reject(deadline.reason(gatewayError('ERR_GATEWAY_ENGINE_UNREACHABLE'))));
    outgoing.on('close', deadline.end);
    outgoing.end(call.body);
  });
}

function headersOf(body: Uint8Array | undefined): Record<string, string | number> {
  const accept = { accept: 'application/json, text/event-stream', 'accept-encoding': 'identity' };
  return body === undefined ? accept : { ...accept, 'content-type': 'application/json', 'content-length': body.length };
}

/** The caller's own mistakes. Any other 4xx is one of the machine's set-up. */
const CALLER_MISTAKES: readonly number[] = [400, 404, 413, 422];

function refusal(status: number): Error {
  if (status === 429 || status === 503) return gatewayError('ERR_GATEWAY_ENGINE_BUSY', { detail: { status } });
  const refused = CALLER_MISTAKES.includes(status);
  return gatewayError(refused ? 'ERR_GATEWAY_ENGINE_REFUSED' : 'ERR_GATEWAY_ENGINE_FAILED', { detail: { status } });
}

function readBody(response: IncomingMessage, deadline: CallDeadline, onFirstByte: () => void): PieceSource {
  const { next, cancel } = readNodeStream(response, () => response.destroy());
  const take = async (): Promise<Uint8Array | undefined> => {
    try {
      return await next();
    } catch {
      throw deadline.reason(gatewayError('ERR_GATEWAY_ENGINE_CUT'));
    }
  };
  let isFirst = true;
  return {
    cancel,
    async next() {
      const piece = await take();
      if (piece === undefined && !response.complete) throw gatewayError('ERR_GATEWAY_ENGINE_CUT');
      if (isFirst && piece !== undefined) onFirstByte();
      isFirst = false;
      return piece;
    },
  };
}
