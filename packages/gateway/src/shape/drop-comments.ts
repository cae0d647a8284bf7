import type { PieceSource } from '@cloister/channel';
import { fromUtf8, utf8 } from '@cloister/core';

const COLON = 0x3a;

/** Takes comment lines out of server-sent events: in a shaped stream comments are filler, which clients strip. */
export function dropComments({ next, cancel }: PieceSource): PieceSource {
  return {
    cancel,
    async next() {
      for (let events = await next(); events !== undefined; events = await next()) {
        const kept = hasComment(events) ? utf8(fromUtf8(events).replace(/^:.*\r?\n(?:\r?\n)?/gm, '')) : events;
        if (kept.length > 0) return kept;
      }
      return undefined;
    },
  };
}

function hasComment(events: Uint8Array): boolean {
  for (let at = events.indexOf(COLON); at !== -1; at = events.indexOf(COLON, at + 1)) {
    if (at === 0 || events[at - 1] === 0x0a) return true;
  }
  return false;
}
