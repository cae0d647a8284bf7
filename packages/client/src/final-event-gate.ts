import { concat, endOfEvent } from '@cloister/core';

/** Lets server-sent events pass, except the one that tells a reader to stop. */
export interface FinalEventGate {
  /** Takes bytes; gives those that may pass now, possibly none. */
  push(piece: Uint8Array): Uint8Array;
  /** Everything held back, once it may pass. */
  rest(): Uint8Array;
}

const NOTHING: Uint8Array = new Uint8Array(0);
const LETTER_D = 0x64;
const OPENING_BRACE = 0x7b;
/** An event larger than this is no end marker. */
const MAX_HELD = 8 * 1024 * 1024;
/** Where an end marker shows: its first line. */
const MARKER_BYTES = 48;
const MARKER = /^(?:data: ?\[DONE\]|event: ?response\.(?:completed|incomplete|failed)\b)/;

/**
 * Client libraries stop reading at `data: [DONE]`, before the sealed end of the answer and its receipt have been seen.
 * The gate keeps that event back until both have been verified. Any other event passes as soon as it is whole, which
 * costs nothing: no reader can use half an event.
 */
export function createFinalEventGate(): FinalEventGate {
  let held: Uint8Array = NOTHING;
  let isEnding = false;
  return {
    push(piece) {
      held = held.length === 0 ? piece : concat(held, piece);
      if (isEnding) return NOTHING;
      let passed = 0;
      for (let end = endOfEvent(held, 0); end !== -1 && !isEnding; end = endOfEvent(held, passed)) {
        isEnding = isMarker(held.subarray(passed, end));
        if (isEnding) break;
        passed = end;
      }
      if (held.length - passed > MAX_HELD && !isEnding) passed = held.length;
      const released = held.subarray(0, passed);
      held = held.subarray(passed);
      return released;
    },
    rest() {
      const rest = held;
      held = NOTHING;
      return rest;
    },
  };
}

function isMarker(event: Uint8Array): boolean {
  // Every token comes through here: a delta is told from a marker by its seventh byte, without making text of it.
  if (event[0] === LETTER_D && event[6] === OPENING_BRACE) return false;
  return MARKER.test(String.fromCharCode(...event.subarray(0, MARKER_BYTES)).trimStart());
}

/** A gate for bodies that are read to their end anyway: everything passes. */
export function createOpenGate(): FinalEventGate {
  return { push: (piece) => piece, rest: () => NOTHING };
}
