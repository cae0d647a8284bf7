import { concat } from '@cloister/core';
import { channelError } from '../errors.ts';
import { encodeStart, encodeTrailers } from './encode-sections.ts';
import type { BinaryMessage, Framing } from './types.ts';
import { encodeVarint } from './varint.ts';

/** Options of `encodeMessage`. */
export interface EncodeMessageOptions {
  /** Default `known-length`. */
  readonly framing?: Framing;
  /** Zero bytes to append (RFC 9292 section 3.8). Default 0. */
  readonly padding?: number;
}

const NOTHING = new Uint8Array(0);

/**
 * A whole message as Binary HTTP (RFC 9292 section 3).
 * @throws ERR_CHANNEL_INVALID_ARGUMENT for a message that HTTP does not allow
 */
export function encodeMessage(
  message: Partial<BinaryMessage>,
  { framing = 'known-length', padding = 0 }: EncodeMessageOptions = {},
): Uint8Array {
  const { request, response, informational = [], content = NOTHING, trailers = [] } = message;
  const head = request ?? response;
  if (head === undefined || (request !== undefined && response !== undefined)) {
    throw channelError('ERR_CHANNEL_INVALID_ARGUMENT', { subject: 'message' });
  }
  return concat(
    encodeStart({ head, informational }, framing),
    ...(framing === 'known-length' || content.length > 0 ? [encodeVarint(content.length), content] : []),
    ...(framing === 'known-length' ? [] : [Uint8Array.of(0)]),
    encodeTrailers(trailers, framing),
    new Uint8Array(padding),
  );
}
