import { createTranscript } from '@cloister/audit';
import type { OpenedResponse } from '@cloister/channel';
import type { IncrementalHash } from '@cloister/core';
import type { ResolvedOptions } from './attest-options.ts';
import type { Attested } from './attestor.ts';
import { verifyAnswerReceipt } from './answer-receipt.ts';
import { clientError } from './errors.ts';
import type { ReceiptBook, ReceiptState } from './receipt-book.ts';
import type { SealedExchange } from './send-sealed.ts';

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
 * ends with an error, never as a shorter answer.
 */
export async function openAnswer(context: OpenAnswerOptions): Promise<Response> {
  const { options, exchange, book } = context;
  const started = options.monotonic();
  const opened = await exchange.sealed.openResponse(exchange.answer);
  options.onTrace({ step: 'answer', milliseconds: options.monotonic() - started, bytes: 0 });
  const settled: { response?: Response } = {};
  const body = createBody(context, opened, (state) => {
    if (settled.response !== undefined) book.note(settled.response, state);
  });
  const { status } = opened.head;
  const headers = new Headers(opened.head.headers.map(([name, value]): [string, string] => [name, value]));
  if (NULL_BODY.has(status)) await body.pipeTo(new WritableStream());
  const response = new Response(NULL_BODY.has(status) ? null : body, { status, headers });
  Object.defineProperty(response, 'url', { value: context.url });
  settled.response = response;
  book.note(response, { is: 'pending' });
  return response;
}

function createBody(
  context: OpenAnswerOptions,
  opened: OpenedResponse,
  settle: (state: ReceiptState) => void,
): ReadableStream<Uint8Array> {
  const { options, signal } = context;
  const transcript = createTranscript(opened.head);
  const reader = opened.body.getReader();
  const started = options.monotonic();
  let bytes = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await reader.read();
          if (!next.done) {
            transcript.update(next.value);
            bytes += next.value.length;
            return controller.enqueue(next.value);
          }
          settle(await finish(context, opened, transcript));
          options.onTrace({ step: 'body', milliseconds: options.monotonic() - started, bytes });
          controller.close();
        } catch (error) {
          settle({ is: 'none' });
          controller.error(signal?.aborted === true ? signal.reason : error);
        }
      },
      async cancel(reason) {
        settle({ is: 'none' });
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

async function finish(
  context: OpenAnswerOptions,
  opened: OpenedResponse,
  transcript: IncrementalHash,
): Promise<ReceiptState> {
  const receipt = await verifyAnswerReceipt({
    sealed: context.exchange.sealed,
    identity: context.attested.identity,
    requestDigest: context.requestDigest,
    responseDigest: transcript.digest(),
    trailers: await opened.trailers(),
  });
  if (receipt !== undefined) return { is: 'verified', receipt };
  if (context.options.receipts === 'required') throw clientError('ERR_CLIENT_RECEIPT_MISSING');
  return { is: 'none' };
}
