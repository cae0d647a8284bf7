import type { ReceiptUsage } from '@cloister/audit';
import type { PieceSource } from '@cloister/channel';
import { concat, fromUtf8 } from '@cloister/core';
import { errorEvent } from '../error-answer.ts';
import { gatewayError } from '../errors.ts';
import { createEventSplitter } from './create-event-splitter.ts';
import { child, parseTokenUsage } from './token-usage.ts';

/** What is learnt while a stream passes. */
export interface RelayOptions {
  /** What the last event may be: see `Route.streamEnds`. */
  readonly ends: readonly string[];
  /** Told every token count that passes; the last one counts. */
  readonly onUsage: (usage: ReceiptUsage) => void;
}

/**
 * Passes server-sent events on at once, in one piece those that arrived together. Errors of the engine within the stream
 * are replaced: they may quote the prompt. A stream that ends without its end marker throws, so that it is never taken for a whole one.
 * @throws ERR_GATEWAY_ENGINE_CUT, ERR_GATEWAY_ENGINE_FAILED
 */
export function relayEvents({ next, cancel }: PieceSource, options: RelayOptions): PieceSource {
  const splitter = createEventSplitter();
  let ended = false;
  const pass = (event: Uint8Array): Uint8Array => {
    const { isEnd, isFailure, usage } = readEvent(event, options.ends);
    ended ||= isEnd;
    if (usage !== undefined) options.onUsage(usage);
    return isFailure ? errorEvent(gatewayError('ERR_GATEWAY_ENGINE_FAILED')) : event;
  };
  return {
    cancel,
    async next() {
      for (let piece = await next(); piece !== undefined; piece = await next()) {
        const passed = splitter.push(piece).map(pass);
        if (passed.length > 0) return passed.length === 1 ? passed[0] : concat(...passed);
      }
      splitter.end();
      if (!ended) throw gatewayError('ERR_GATEWAY_ENGINE_CUT');
      return undefined;
    },
  };
}

interface ReadEvent {
  readonly isEnd: boolean;
  readonly isFailure: boolean;
  readonly usage: ReceiptUsage | undefined;
}

/** Libraries make an error of such an event, with its data in the message. */
const NAMED_ERROR = /^event: ?error[ \t]*\r?$/m;
const FAILURE: ReadEvent = { isEnd: false, isFailure: true, usage: undefined };
const DELTA: ReadEvent = { isEnd: false, isFailure: false, usage: undefined };

function readEvent(event: Uint8Array, ends: readonly string[]): ReadEvent {
  const text = readText(event);
  if (NAMED_ERROR.test(text)) return FAILURE;
  if (!needsReading(text)) return ends.some((end) => text.includes(end)) ? readEnd(text, ends) : DELTA;
  const data = dataOf(text);
  const parsed = parseData(data);
  return {
    isEnd: ends.includes(data) || ends.includes(String(child(parsed, 'type'))),
    isFailure: isError(parsed),
    usage: parseTokenUsage(child(parsed, 'usage') ?? child(child(parsed, 'response'), 'usage')),
  };
}

/** An event that names an end marker is one only when it is all that the event says. */
function readEnd(text: string, ends: readonly string[]): ReadEvent {
  return { ...DELTA, isEnd: ends.includes(dataOf(text)) };
}

/** The event's data lines, joined as the standard says. */
function dataOf(text: string): string {
  const lines = text.split(/\r?\n/);
  const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).replace(/^ /, ''));
  return data.join('\n');
}

function readText(event: Uint8Array): string {
  try {
    return fromUtf8(event);
  } catch {
    throw gatewayError('ERR_GATEWAY_ENGINE_FAILED');
  }
}

/**
 * Most events are deltas, which pass unread. Inside JSON strings these words carry a backslash and do not match; spelt with
 * escapes of ASCII letters, as no engine needs to, they would not match either, so such an event is read.
 */
function needsReading(text: string): boolean {
  return ['"error"', '"usage"', '"response.', '\\u00'].some((word) => text.includes(word));
}

function parseData(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw gatewayError('ERR_GATEWAY_ENGINE_FAILED');
  }
}

function isError(parsed: unknown): boolean {
  if (child(parsed, 'type') === 'error') return true;
  return [child(parsed, 'error'), child(child(parsed, 'response'), 'error')].some(
    (error) => error !== undefined && error !== null,
  );
}
