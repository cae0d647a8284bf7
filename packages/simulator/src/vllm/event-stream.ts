import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { VllmFault } from './options.ts';

/** A server-sent event stream on an HTTP response, with vLLM's headers and framing: one chunk per event. */
export interface EventStream {
  /** Sends one event; waits while the peer does not read. @throws the signal's reason after a disconnect or a cut */
  send(data: string): Promise<void>;
  /** Ends the stream properly. */
  end(): void;
}

function cut(response: ServerResponse, how: 'end' | 'fin' | 'rst'): void {
  if (how === 'end') response.end();
  else if (how === 'fin') response.socket?.destroySoon();
  else response.socket?.resetAndDestroy();
}

/** @param fault the cut to show, if any; @param signal aborts when the peer is gone */
export function createEventStream(
  response: ServerResponse,
  fault: VllmFault | undefined,
  signal: AbortSignal,
): EventStream {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', vary: 'Origin' });
  let left = fault?.kind === 'cut' ? fault.events : Number.POSITIVE_INFINITY;
  return {
    async send(data) {
      signal.throwIfAborted();
      if (left === 0 && fault?.kind === 'cut') {
        // node:http sends at the end of the turn: what was promised before the cut must be on its way.
        await nextTurn();
        cut(response, fault.how);
        throw new DOMException('the stream was cut on request', 'AbortError');
      }
      left -= 1;
      if (!response.write(`data: ${data}\n\n`)) await once(response, 'drain', { signal });
    },
    end() {
      response.end();
    },
  };
}
