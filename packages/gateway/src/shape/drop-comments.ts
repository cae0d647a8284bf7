import { fromUtf8, utf8 } from '@cloister/core';

const COLON = 0x3a;

/** Takes comment lines out of server-sent events: in a shaped stream comments are filler, which clients strip. */
export async function* dropComments(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const events of source) {
    const kept = hasComment(events) ? utf8(fromUtf8(events).replace(/^:.*\r?\n(?:\r?\n)?/gm, '')) : events;
    if (kept.length > 0) yield kept;
  }
}

function hasComment(events: Uint8Array): boolean {
  for (let at = events.indexOf(COLON); at !== -1; at = events.indexOf(COLON, at + 1)) {
    if (at === 0 || events[at - 1] === 0x0a) return true;
  }
  return false;
}
