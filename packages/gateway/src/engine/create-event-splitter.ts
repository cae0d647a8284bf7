import { concat, endOfEvent } from '@cloister/core';
import { gatewayError } from '../errors.ts';

/** Largest event that is held. */
const MAX_EVENT = 8 * 1024 * 1024;

/** Cuts bytes into whole server-sent events, each with the blank line that ends it (HTML standard, section 9.2.6). */
export interface EventSplitter {
  /** The events that are whole with this piece. @throws ERR_GATEWAY_ENGINE_FAILED on an endless event */
  push(piece: Uint8Array): readonly Uint8Array[];
  /** The source has ended. @throws ERR_GATEWAY_ENGINE_CUT within an event */
  end(): void;
}

/** Holds what is not whole yet. */
export function createEventSplitter(): EventSplitter {
  let held: Uint8Array = new Uint8Array(0);
  return {
    push(piece) {
      const searched = Math.max(0, held.length - 3);
      held = held.length === 0 ? piece : concat(held, piece);
      const events: Uint8Array[] = [];
      for (let from = searched, end = endOfEvent(held, from); end !== -1; from = 0, end = endOfEvent(held, from)) {
        events.push(held.subarray(0, end));
        held = held.subarray(end);
      }
      if (held.length > MAX_EVENT) throw gatewayError('ERR_GATEWAY_ENGINE_FAILED');
      return events;
    },
    end() {
      if (held.length > 0) throw gatewayError('ERR_GATEWAY_ENGINE_CUT');
    },
  };
}
