import { createTranscript } from '@cloister/audit';
import { isCloisterError, toBase64url } from '@cloister/core';
import type { ResolvedOptions } from './attest-options.ts';
import type { Attested, Attestor } from './attestor.ts';
import { createErrorResponse } from './error-response.ts';
import { clientError } from './errors.ts';
import { createInnerHead } from './inner-head.ts';
import { openAnswer } from './open-answer.ts';
import { parseAddress, parseRequest, signalOf } from './parse-request.ts';
import type { PlainRequest } from './parse-request.ts';
import type { ReceiptBook } from './receipt-book.ts';
import { createResumeRequest, restOf } from './resume/resume-request.ts';
import { resumeSource } from './resume/resume-source.ts';
import { sendSealed, type SealedExchange } from './send-sealed.ts';

/** What a sealed fetch works with. */
export interface SealedFetchContext {
  readonly options: ResolvedOptions;
  readonly attestor: Attestor;
  readonly book: ReceiptBook;
  /** Salt for requests that bring none. */
  readonly cacheSalt: string;
  /** Whether the enclave was closed. */
  isClosed(): boolean;
}

/**
 * A `fetch` that seals every request to the attested enclave. Errors before the body come as a response, so that
 * libraries neither retry nor wrap them; an aborted call rejects with the signal's reason, as everywhere.
 */
export function createSealedFetch(context: SealedFetchContext): typeof globalThis.fetch {
  return async (input, init) => {
    const signal = signalOf(input, init);
    try {
      signal?.throwIfAborted();
      assertOwn(context, parseAddress(input));
      const request = await parseRequest(input, init, context.options.maxRequestBytes);
      return await exchangeWithRetry(context, request);
    } catch (error) {
      signal?.throwIfAborted();
      if (isCloisterError(error)) return createErrorResponse(error);
      throw error;
    }
  };
}

function assertOwn(context: SealedFetchContext, url: URL): void {
  if (context.isClosed()) throw clientError('ERR_CLIENT_CLOSED');
  if (url.origin !== context.options.origin) throw clientError('ERR_CLIENT_FOREIGN_URL');
}

/** One more try, only when the enclave says that it does not hold the keyset, under the same request id. */
async function exchangeWithRetry(context: SealedFetchContext, request: PlainRequest): Promise<Response> {
  const requestId = toBase64url(context.options.random(16));
  const attested = await context.attestor.current();
  try {
    return await exchange(context, request, requestId, attested);
  } catch (error) {
    if (!isCloisterError(error) || error.code !== 'ERR_CLIENT_KEYSET_UNKNOWN') throw error;
    return exchange(context, request, requestId, await context.attestor.renew(attested));
  }
}

async function exchange(
  context: SealedFetchContext,
  request: PlainRequest,
  requestId: string,
  attested: Attested,
): Promise<Response> {
  const { options, book, cacheSalt } = context;
  request.signal?.throwIfAborted();
  const head = createInnerHead(request, {
    now: options.clock.now(),
    requestId,
    cacheSalt,
    streamShape: options.streamShape,
    identity: attested.identity,
    isResumable: options.resumeAttempts > 0,
  });
  const transcript = createTranscript(head);
  transcript.update(request.body);
  const { signal } = request;
  const sent = await sendSealed(options, attested, { head, body: request.body, signal });
  const requestDigest = transcript.digest();
  const resumed = options.resumeAttempts > 0 ? resumable(context, request, requestId, sent) : sent;
  return openAnswer({ options, attested, exchange: resumed, requestDigest, book, signal, url: request.url.href });
}

/** The same exchange over as many connections as it takes. What is asked meanwhile is not resumed itself. */
function resumable(
  context: SealedFetchContext,
  request: PlainRequest,
  requestId: string,
  sent: SealedExchange,
): SealedExchange {
  const { signal } = request;
  const plain = { ...context, options: { ...context.options, resumeAttempts: 0 } };
  const send = (ask: PlainRequest): Promise<Response> => exchangeWithRetry(plain, ask);
  const answer = resumeSource(sent.answer, {
    nonceBytes: sent.nonceBytes,
    attempts: context.options.resumeAttempts,
    signal,
    reconnect: async (offset) =>
      restOf(await send(createResumeRequest('POST', request, { requestId, offset, signal }))),
    abandon: () => void send(createResumeRequest('DELETE', request, { requestId })).catch(() => {}),
  });
  return { ...sent, answer };
}
