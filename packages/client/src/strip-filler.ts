const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const COLON = 0x3a;

/** Takes the filler of a framed stream out again. */
export interface FillerStrip {
  /** The piece without comment lines and blank lines between events; may be empty. */
  push(piece: Uint8Array): Uint8Array;
}

/**
 * Strips what a gateway adds between server-sent events to give a stream one size and one rhythm: comment lines and
 * blank lines (HTML standard, section 9.2.6). Events pass byte for byte, in pieces of any size.
 */
export function createFillerStrip(): FillerStrip {
  let isInEvent = false; // a line of an event has begun, and its blank line has not come yet
  let line: 'start' | 'content' | 'filler' = 'start';
  const keeps = (byte: number): boolean => {
    if (line === 'filler') {
      if (byte === LINE_FEED) line = 'start';
      return false;
    }
    if (line === 'content') {
      if (byte === LINE_FEED) line = 'start';
      return true;
    }
    if (byte === LINE_FEED) {
      const isEndOfEvent = isInEvent;
      isInEvent = false;
      return isEndOfEvent;
    }
    if (byte === CARRIAGE_RETURN) return isInEvent;
    if (byte === COLON && !isInEvent) {
      line = 'filler';
      return false;
    }
    line = 'content';
    isInEvent = true;
    return true;
  };
  return {
    push: (piece) => piece.filter(keeps),
  };
}
