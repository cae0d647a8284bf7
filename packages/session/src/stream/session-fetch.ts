import type { Classification, CloisterError } from '@cloister/core';
import type { CacheScope } from '../cache-scope.ts';
import type { Session } from '../create-session.ts';
import { sessionError } from '../errors.ts';
import { readAnswer } from './read-answer.ts';
import { DEFAULT_DEADLINES, orLate, type StreamDeadlines, watchDeadlines } from './stream-deadlines.ts';

/** What a session's fetch works with. */
export interface SessionFetchOptions {
  /** What carries the requests: an `enclave.fetch`. */
  readonly fetch: typeof globalThis.fetch;
  /** Whose place in the cache the requests get, unless they name one. */
  readonly session?: Session;
  /** The class of what is asked; see `Session.salt`. */
  readonly label?: Classification;
  /** The widest scope that the caller's policy allows for that class. */
  readonly widest?: CacheScope;
  readonly deadlines?: Partial<StreamDeadlines>;
}

type Input = Parameters<typeof globalThis.fetch>[0];

/**
 * One discipline for every client library: requests carry the session's salt; an answer ends whole or with an error, never
 * short; a tool call is handed out whole or not at all; nothing takes longer than its deadline; an abort reaches the carrying
 * fetch at once; no more is buffered than one event and the calls that are not whole. What comes back may be another object
 * than what the carrying fetch gave: see `originalResponse`.
 */
export function createSessionFetch(options: SessionFetchOptions): typeof globalThis.fetch {
  const deadlines = { ...DEFAULT_DEADLINES, ...options.deadlines };
  return async (input, init) => {
    const outer = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    outer?.throwIfAborted();
    const work = new AbortController();
    const abort = (): void => work.abort(outer?.reason);
    outer?.addEventListener('abort', abort, { once: true });
    const late = Promise.withResolvers<CloisterError>();
    const watch = watchDeadlines(deadlines, (stage) => {
      const error = sessionError('ERR_SESSION_DEADLINE', { subject: stage });
      late.resolve(error);
      work.abort(error);
    });
    const end = (): void => {
      watch.end();
      outer?.removeEventListener('abort', abort);
    };
    try {
      const headers = headersOf(options, input, init);
      watch.wait('head');
      // A fetch that does not listen to its signal is not waited for either.
      const carried = options.fetch(input, { ...init, headers, signal: work.signal });
      const answer = await orLate(carried, late.promise);
      watch.came();
      return await readAnswer(answer, { hasTools: hasTools(init?.body), watch, late: late.promise, end });
    } catch (error) {
      end();
      if (error === work.signal.reason && outer?.aborted !== true) return errorResponse(error as CloisterError);
      throw error;
    }
  };
}

function headersOf({ session, label, widest }: SessionFetchOptions, input: Input, init?: RequestInit): Headers {
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
  if (session === undefined || headers.has('cloister-cache-salt')) return headers;
  const about = { ...(label === undefined ? {} : { label }), ...(widest === undefined ? {} : { widest }) };
  headers.set('cloister-cache-salt', session.salt(about));
  headers.set('cloister-cache-scope', session.scope);
  if (session.group !== undefined) headers.set('cloister-cache-group', session.group);
  return headers;
}

/** Whether the model may call: only a request that offers tools or functions lets it. */
function hasTools(body: RequestInit['body']): boolean {
  return typeof body !== 'string' || body.includes('"tools"') || body.includes('"functions"');
}

/** An error as libraries understand it, with a header that keeps them from trying again (DESIGN 6.2). */
function errorResponse({ code, message, fix, subject }: CloisterError): Response {
  const body = { error: { message: `${message} ${fix}`, type: 'cloister_error', param: subject ?? null, code } };
  const headers = { 'content-type': 'application/json', 'cloister-error': code, 'x-should-retry': 'false' };
  return new Response(JSON.stringify(body), { status: 504, headers });
}
