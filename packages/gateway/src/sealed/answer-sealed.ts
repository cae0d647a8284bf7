import { createTranscript } from '@cloister/audit';
import { createPullStream, createReceiver, readPieces } from '@cloister/channel';
import type { OpenedRequest, PieceSource } from '@cloister/channel';
import { isCloisterError, utf8 } from '@cloister/core';
import type { CloisterError } from '@cloister/core';
import type { Answer, AnswerNotes } from '../answer.ts';
import { answerHeaders } from '../answer.ts';
import { authenticate } from './authenticate.ts';
import type { Caller } from './authenticate.ts';
import { errorJson, statusOf } from '../error-answer.ts';
import { gatewayError } from '../errors.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { HeldKeyset } from '../evidence/keyset-holder.ts';
import { type HeaderFields, parseCacheHeaders, wantsResume } from './parse-sealed-headers.ts';
import type { KeptAnswer } from '../resume/resumable-answers.ts';
import { RESUME_PATH } from '../resume/resume-answer.ts';
import { sealAnswer } from './seal-answer.ts';
import { serveRequest } from '../serve-request.ts';

/** One encapsulated request as it arrived. */
export interface SealedArrival {
  /** The keyset's digest out of the query, 64 lower-case hex digits. */
  readonly keyset: string;
  readonly body: PieceSource;
  /** Ends when the connection does. */
  readonly signal: AbortSignal;
}

/** An answer under the seal, with what is known about it once it has been sent. */
export interface SealedAnswer {
  readonly sealed: PieceSource;
  /** HTTP status inside the seal. */
  readonly status: number;
  readonly notes: AnswerNotes;
}

/** What goes back: the sealed answer, or the one plaintext refusal. */
export type SealedReply = SealedAnswer | { readonly refused: 'keyset' | 'request' };

/**
 * Answers an encapsulated request. Until the caller is authenticated every failure gives the same reply; only a keyset
 * that is not held is told apart, which depends on the public query alone. Afterwards errors travel sealed.
 */
export async function answerSealed(context: GatewayContext, arrival: SealedArrival): Promise<SealedReply> {
  const keyset = context.keysets.find(arrival.keyset);
  if (keyset === undefined) return { refused: 'keyset' };
  const startedAt = context.clock.now();
  try {
    const opened = await openHead(context, keyset, arrival.body);
    const caller = await authenticate(context, opened).catch((error: unknown) => {
      void opened.pieces.cancel();
      throw error;
    });
    return await answer(context, { opened, caller, keyset, startedAt, signal: arrival.signal });
  } catch (error) {
    context.report(asGatewayError(error));
    return { refused: 'request' };
  }
}

async function openHead(context: GatewayContext, keyset: HeldKeyset, body: PieceSource): Promise<OpenedRequest> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(gatewayError('ERR_GATEWAY_HEADER_LATE')), context.config.headerMilliseconds);
  });
  try {
    return await Promise.race([createReceiver(keyset.receiverKeys).openRequest(body), late]);
  } finally {
    clearTimeout(timer);
  }
}

interface Admitted {
  readonly opened: OpenedRequest;
  readonly caller: Caller;
  readonly keyset: HeldKeyset;
  readonly startedAt: number;
  readonly signal: AbortSignal;
}

async function answer(context: GatewayContext, admitted: Admitted): Promise<SealedAnswer> {
  const { opened, caller, keyset, startedAt } = admitted;
  const notes: AnswerNotes = { startedAt };
  const transcript = createTranscript(opened.head);
  let kept: KeptAnswer | undefined;
  let served: Answer;
  try {
    kept = keepAnswer(context, admitted);
    const signal = kept?.signal ?? admitted.signal;
    served = await serveRequest(context, { opened, caller, transcript, notes, signal });
  } catch (error) {
    kept?.release();
    kept = undefined;
    served = refuse(context, asGatewayError(error), caller);
  }
  const sealed = sealAnswer(context, { opened, keyset, notes, answer: served });
  const sent = kept === undefined ? sealed : readPieces(kept.keep(createPullStream(sealed)));
  return { sealed: sent, status: served.status, notes };
}

/** Room for an answer whose caller may come back for its rest. */
function keepAnswer(context: GatewayContext, { opened, caller, signal }: Admitted): KeptAnswer | undefined {
  const { headers, path } = opened.head;
  if (path === RESUME_PATH || !wantsResume(headers)) return undefined;
  const name = { claims: caller.claims, requestId: caller.requestId, cache: parseCacheHeaders(headers) };
  return context.resumable.begin(name, signal);
}

/** A sealed error: the body has OpenAI's shape, and clients are told whether another try makes sense. */
function refuse(context: GatewayContext, error: CloisterError, caller: Caller): Answer {
  context.report(error);
  const headers = [
    ...answerHeaders('application/json', caller.requestId),
    ['x-should-retry', String(error.retryable)] as const,
    ...retryAfter(error),
  ];
  return { status: statusOf(error), headers, body: utf8(errorJson(error)) };
}

function retryAfter({ detail }: CloisterError): HeaderFields {
  const { retryAfter: seconds } = detail;
  return seconds === undefined ? [] : [['retry-after', String(seconds)]];
}

/** What the channel throws means that the request did not open; anything unknown is our own fault and stays inside. */
function asGatewayError(error: unknown): CloisterError {
  if (!isCloisterError(error)) return gatewayError('ERR_GATEWAY_INTERNAL', { cause: error });
  return error.code.startsWith('ERR_GATEWAY_') ? error : gatewayError('ERR_GATEWAY_NOT_OPENED', { cause: error });
}
