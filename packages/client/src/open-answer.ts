import { createTranscript } from '@cloister/audit';
import type { OpenedResponse } from '@cloister/channel';
import type { IncrementalHash } from '@cloister/core';
import { verifyAnswerReceipt } from './answer-receipt.ts';
import type { ResolvedOptions } from './attest-options.ts';
import type { Attested } from './attestor.ts';
import { clientError } from './errors.ts';
import { createFinalEventGate, createOpenGate } from './final-event-gate.ts';
import type { ReceiptBook, ReceiptOutcome, ReceiptState } from './receipt-book.ts';
import type { SealedExchange } from './send-sealed.ts';
import { createFillerStrip } from './strip-filler.ts';

/** What an answer belongs to. */
export interface OpenAnswerOptions {
  readonly options: ResolvedOptions;
  readonly attested: Attested;
  readonly exchange: SealedExchange;
  readonly requestDigest: Uint8Array;
  readonly book: ReceiptBook;
  readonly signal: AbortSignal | undefined;
  /** The inner URL, for libraries that look at `response.url`. */
  readonly url: string;
}

/** Statuses that carry no body (Fetch standard). */
const NULL_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Opens a sealed answer. The body closes only after its final chunk was there and its receipt verified; otherwise it
 * ends with an error, never as a shorter answer. The end marker of an event stream waits for that verdict too.
 */
export async function openAnswer(context: OpenAnswerOptions): Promise<Response> {
  const { options, exchange, book } = context;
  const started = options.monotonic();
  const opened = await exchange.sealed.openResponse(exchange.answer);
  options.onTrace({ step: 'answer', milliseconds: options.monotonic() - started, bytes: 0 });
  const { status } = opened.head;
  const headers = opened.head.headers as [string, string][]; // the type asks for arrays that may change; nobody changes them
  const outcome: ReceiptOutcome = { state: { is: 'pending' } };
  const body = createBody(context, opened, outcome);
  if (NULL_BODY.has(status)) await body.pipeTo(new WritableStream());
  const response = new Response(NULL_BODY.has(status) ? null : body, { status, headers });
  Object.defineProperty(response, 'url', { value: context.url });
  book.note(response, outcome);
  return response;
}

function createBody(
  context: OpenAnswerOptions,
  opened: OpenedResponse,
  outcome: ReceiptOutcome,
): ReadableStream<Uint8Array> {
  const read = createAnswerReader(context, opened);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { piece, state } = await read();
          if (state !== undefined) outcome.state = state;
          if (piece.length > 0) controller.enqueue(piece);
          if (state !== undefined) controller.close();
        } catch (error) {
          outcome.state = { is: 'none' };
          controller.error(context.signal?.aborted === true ? context.signal.reason : error);
        }
      },
      cancel: (reason) => opened.pieces.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** A piece of content; with the last one, which may be empty, what became of the receipt. */
interface AnswerPiece {
  readonly piece: Uint8Array;
  readonly state?: ReceiptState;
}

/** Gives the content in the pieces in which it arrived; the end marker only after the receipt. */
function createAnswerReader(context: OpenAnswerOptions, opened: OpenedResponse): () => Promise<AnswerPiece> {
  const { options } = context;
  const started = options.monotonic();
  const isEvents = opened.head.headers.some(
    ([name, value]) => name === 'content-type' && /^text\/event-stream\b/i.test(value),
  );
  const gate = isEvents ? createFinalEventGate() : createOpenGate();
  const transcript = createTranscript(opened.head);
  const isFramed = opened.head.headers.some(([name, value]) => name === 'cloister-stream-shape' && value === 'frames');
  const strip = isFramed ? createFillerStrip() : undefined;
  let bytes = 0;
  return async () => {
    for (let next = await opened.pieces.next(); next !== undefined; next = await opened.pieces.next()) {
      const received = strip?.push(next) ?? next;
      transcript.update(received);
      bytes += received.length;
      const piece = gate.push(received);
      if (piece.length > 0) return { piece };
    }
    const state = await finish(context, opened, transcript);
    options.onTrace({ step: 'body', milliseconds: options.monotonic() - started, bytes });
    return { piece: gate.rest(), state };
  };
}

async function finish(
  context: OpenAnswerOptions,
  opened: OpenedResponse,
  transcript: IncrementalHash,
): Promise<ReceiptState> {
  const receipt = await verifyAnswerReceipt({
    sealed: context.exchange.sealed,
    attested: context.attested,
    requestDigest: context.requestDigest,
    responseDigest: transcript.digest(),
    trailers: await opened.trailers(),
  });
  if (receipt !== undefined) return { is: 'verified', receipt };
  // A request that was refused unread gets no receipt; its refusal is sealed like any answer, and answers nothing.
  const isAnswer = opened.head.status < 400;
  if (isAnswer && context.options.receipts === 'required') throw clientError('ERR_CLIENT_RECEIPT_MISSING');
  return { is: 'none' };
}
