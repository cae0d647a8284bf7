import { createParser } from 'eventsource-parser';
import { runtimeError } from './errors.ts';

/** Longest event accepted, in UTF-16 code units: far above any token event, far below what could fill memory. */
const MAX_EVENT_LENGTH = 1 << 20;

/**
 * The `data` of each server-sent event (WHATWG HTML, section 9.2) before the closing `[DONE]`; reads the body to its end.
 * @throws CloisterError `ERR_RUNTIME_ANSWER_CUT` when the body ends before `[DONE]`, `ERR_RUNTIME_ANSWER_MALFORMED` when
 * an event is longer than 1 MiB or not text
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const pending: string[] = [];
  const parser = createParser({
    onEvent: (event) => pending.push(event.data),
    maxBufferSize: MAX_EVENT_LENGTH,
    onError: () => {
      throw runtimeError('ERR_RUNTIME_ANSWER_MALFORMED');
    },
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let complete = false;
  for await (const bytes of body) {
    parser.feed(decode(decoder, bytes));
    for (const data of pending.splice(0)) {
      if (complete) throw runtimeError('ERR_RUNTIME_ANSWER_MALFORMED');
      if (data === '[DONE]') complete = true;
      else yield data;
    }
  }
  // The body is read past [DONE] to its own end: the receipt travels behind it.
  if (!complete) throw runtimeError('ERR_RUNTIME_ANSWER_CUT');
}

function decode(decoder: TextDecoder, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: true });
  } catch {
    throw runtimeError('ERR_RUNTIME_ANSWER_MALFORMED');
  }
}
