import { concat, endOfEvent } from '@cloister/core';
import { gatewayError } from '../errors.ts';

/** Largest event that is held. */
const MAX_EVENT = 8 * 1024 * 1024;

/**
 * Cuts a byte stream into whole server-sent events, each with the blank line that ends it (HTML standard, section
 * 9.2.6), and gives every event as soon as it is whole: together those that arrived together.
 * @throws ERR_GATEWAY_ENGINE_CUT when the stream ends within an event, ERR_GATEWAY_ENGINE_FAILED on an endless event
 */
export async function* splitEventStream(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly Uint8Array[], void, undefined> {
  let held: Uint8Array = new Uint8Array(0);
  for await (const piece of source) {
    const searched = Math.max(0, held.length - 3);
    held = held.length === 0 ? piece : concat(held, piece);
    const events: Uint8Array[] = [];
    for (let from = searched, end = endOfEvent(held, from); end !== -1; from = 0, end = endOfEvent(held, from)) {
      events.push(held.subarray(0, end));
      held = held.subarray(end);
    }
    if (events.length > 0) yield events;
    if (held.length > MAX_EVENT) throw gatewayError('ERR_GATEWAY_ENGINE_FAILED');
  }
  if (held.length > 0) throw gatewayError('ERR_GATEWAY_ENGINE_CUT');
}
