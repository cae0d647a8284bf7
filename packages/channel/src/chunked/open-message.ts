import type { ReceivedStart } from '../bhttp/message-reader.ts';
import { createMessageReader } from '../bhttp/message-reader.ts';
import type { FieldLines } from '../bhttp/types.ts';
import { channelError } from '../errors.ts';
import type { ChannelLimits } from '../limits.ts';
import type { ByteSource } from '../stream/byte-reader.ts';
import { ByteReader } from '../stream/byte-reader.ts';
import { cancelOnError, type PieceSource } from '../stream/piece-source.ts';

/** A message whose head has been opened and whose content is on its way. */
export interface ReceivedMessage {
  readonly start: ReceivedStart;
  /** Content; ends only after the sealed final chunk has opened, else errors. */
  readonly pieces: PieceSource;
  /** The trailers, once the body has ended. */
  readonly trailers: () => Promise<FieldLines>;
}

type Cancel = PieceSource['cancel'];

/**
 * Reads the head of a message from opened chunks.
 * @throws the codes of `createMessageReader` and `openChunks`
 */
export async function openMessage(chunks: ByteSource, cancel: Cancel, limits: ChannelLimits): Promise<ReceivedMessage> {
  const reader = createMessageReader(new ByteReader(chunks), limits);
  const start = await reader.readStart();
  const pieces = cancelOnError({ next: () => reader.readContent(), cancel });
  return {
    start,
    pieces,
    async trailers() {
      const trailers = reader.trailers();
      if (trailers === undefined) throw channelError('ERR_CHANNEL_BODY_UNREAD');
      return trailers;
    },
  };
}
