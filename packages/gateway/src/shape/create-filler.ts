import { concat, utf8 } from '@cloister/core';

const COLON = utf8(':');
const LINE_FEED = utf8('\n');

/**
 * Bytes that mean nothing between two server-sent events (HTML standard, section 9.2.6): a comment line, or a blank line
 * where there is room for one byte alone. A client strips both.
 */
export function createFiller(length: number): Uint8Array {
  if (length < 2) return LINE_FEED.subarray(0, length);
  return concat(COLON, new Uint8Array(length - 2).fill(0x7e), LINE_FEED);
}
