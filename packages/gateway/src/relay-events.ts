import type { ReceiptUsage } from '@cloister/audit';
import { fromUtf8 } from '@cloister/core';
import { errorEvent } from './error-answer.ts';
import { gatewayError } from './errors.ts';
import { splitEventStream } from './split-event-stream.ts';
import { child, parseTokenUsage } from './token-usage.ts';

/** What is learnt while a stream passes. */
export interface RelayOptions {
  /** What the last event may be: see `Route.streamEnds`. */
  readonly ends: readonly string[];
  /** Told every token count that passes; the last one counts. */
  readonly onUsage: (usage: ReceiptUsage) => void;
}

/**
 * Passes server-sent events on, one by one and at once. Errors of the engine within the stream are replaced: they may
 * quote the prompt. A stream that ends without its end marker throws, so that it is never taken for a whole one.
 * @throws ERR_GATEWAY_ENGINE_CUT, ERR_GATEWAY_ENGINE_FAILED
 */
export async function* relayEvents(
  source: AsyncIterable<Uint8Array>,
  options: RelayOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  let ended = false;
  for await (const event of splitEventStream(source)) {
    const data = dataOf(event);
    ended ||= options.ends.includes(data);
    const parsed = needsReading(data) ? parseData(data) : undefined;
    const usage = parseTokenUsage(child(parsed, 'usage') ?? child(child(parsed, 'response'), 'usage'));
    if (usage !== undefined) options.onUsage(usage);
    ended ||= options.ends.includes(String(child(parsed, 'type')));
    yield isError(parsed) ? errorEvent(gatewayError('ERR_GATEWAY_ENGINE_FAILED')) : event;
  }
  if (!ended) throw gatewayError('ERR_GATEWAY_ENGINE_CUT');
}

/** The event's data lines, joined as the standard says. */
function dataOf(event: Uint8Array): string {
  const lines = readText(event).split(/\r?\n/);
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

/** Most events are deltas, which pass unread. Inside JSON strings these words carry a backslash and do not match. */
function needsReading(data: string): boolean {
  return data.includes('"error"') || data.includes('"usage"') || data.includes('"response.');
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
