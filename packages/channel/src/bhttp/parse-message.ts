import { concat } from '@cloister/core';
import type { ChannelLimits } from '../limits.ts';
import { resolveLimits } from '../limits.ts';
import { ByteReader } from '../stream/byte-reader.ts';
import { createMessageReader } from './message-reader.ts';
import type { BinaryMessage } from './types.ts';

/**
 * A whole message from Binary HTTP in either framing (RFC 9292 section 3). Empty sections may be missing at the end
 * and zero padding may follow (section 3.8); integers may have any of their lengths.
 * @throws ERR_CHANNEL_MALFORMED_MESSAGE, ERR_CHANNEL_TRUNCATED, ERR_CHANNEL_TOO_LARGE
 */
export async function parseMessage(bytes: Uint8Array, limits?: Partial<ChannelLimits>): Promise<BinaryMessage> {
  const pieces = [bytes];
  const reader = createMessageReader(new ByteReader(() => pieces.pop()), resolveLimits(limits));
  const start = await reader.readStart();
  const content: Uint8Array[] = [];
  for (let piece = await reader.readContent(); piece !== undefined; piece = await reader.readContent())
    content.push(piece);
  return { ...start, content: concat(...content), trailers: reader.trailers() ?? [] };
}
