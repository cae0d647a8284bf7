import type { CloisterError } from '@cloister/core';
import { createEventGate, type EventGate } from './event-gate.ts';
import { type DeadlineWatch, orLate } from './stream-deadlines.ts';
import { requireWholeCalls, type Members } from './tool-calls.ts';

/** What an answer is read with. */
export interface ReadAnswerOptions {
  /** Whether the request offered tools. */
  readonly hasTools: boolean;
  readonly watch: DeadlineWatch;
  /** Resolves when a deadline is over. */
  readonly late: Promise<CloisterError>;
  /** Called once when nothing more will come. */
  readonly end: () => void;
}

const originals = new WeakMap<Response, Response>();

/** The response that the carrying fetch gave, for `enclave.receipt`; the same object when it was not wrapped. */
export function originalResponse(response: Response): Response {
  return originals.get(response) ?? response;
}

/**
 * The answer behind its gate: event streams pass event by event, JSON once it is there and its tool calls were looked at.
 * @throws CloisterError `ERR_SESSION_TOOL_CALL_HALF` for an answer in one piece
 */
export async function readAnswer(answer: Response, options: ReadAnswerOptions): Promise<Response> {
  const type = answer.headers.get('content-type') ?? '';
  if (answer.body === null) {
    options.end();
    return answer;
  }
  if (!/^application\/json\b/i.test(type)) {
    const isEvents = answer.ok && /^text\/event-stream\b/i.test(type);
    return wrap(answer, gated(answer.body, isEvents ? createEventGate() : undefined, options));
  }
  options.watch.wait('firstByte');
  const bytes = await orLate(answer.bytes(), options.late);
  options.end();
  if (options.hasTools && answer.ok) requireWholeCalls(parse(bytes));
  return wrap(answer, bytes);
}

function wrap(original: Response, body: BodyInit): Response {
  const { status, statusText, headers, url } = original;
  const response = new Response(body, { status, statusText, headers });
  Object.defineProperty(response, 'url', { value: url });
  originals.set(response, original);
  return response;
}

function gated(
  source: ReadableStream<Uint8Array>,
  gate: EventGate | undefined,
  { watch, late, end }: ReadAnswerOptions,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let stage: 'firstByte' | 'idle' = 'firstByte';
  let isOver = false;
  const over = (): void => {
    isOver = true;
    end();
  };
  const next = async (): Promise<Uint8Array | undefined> => {
    for (;;) {
      watch.wait(stage);
      const { done, value } = await reader.read();
      watch.came();
      stage = 'idle';
      if (done) {
        gate?.end();
        return undefined;
      }
      const passed = gate === undefined ? value : gate.push(value);
      if (passed.length > 0) return passed;
    }
  };
  return new ReadableStream(
    {
      start(controller) {
        void late.then((error) => {
          if (isOver) return;
          over();
          controller.error(error);
          reader.cancel(error).catch(() => {});
        });
      },
      async pull(controller) {
        try {
          const piece = await next();
          if (isOver) return;
          if (piece !== undefined) return controller.enqueue(piece);
          over();
          controller.close();
        } catch (error) {
          if (isOver) return;
          over();
          controller.error(error);
          reader.cancel(error).catch(() => {});
        }
      },
      cancel(reason) {
        over();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** What is no JSON object holds no calls; the library will say what it thinks of it. */
function parse(bytes: Uint8Array): Members {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null ? (value as Members) : {};
  } catch {
    return {};
  }
}
