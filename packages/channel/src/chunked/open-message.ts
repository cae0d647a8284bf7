import type { ReceivedStart } from '../bhttp/message-reader.ts';
import { createMessageReader } from '../bhttp/message-reader.ts';
import type { FieldLines } from '../bhttp/types.ts';
import { channelError } from '../errors.ts';
import type { ChannelLimits } from '../limits.ts';
import type { ByteSource } from '../stream/byte-reader.ts';
import { ByteReader } from '../stream/byte-reader.ts';
import type { CancellableSource } from '../stream/pull-stream.ts';
import { cancelOnError, createPullStream } from '../stream/pull-stream.ts';

/** A message whose head has been opened and whose content is on its way. */
export interface ReceivedMessage {
  readonly start: ReceivedStart;
  /** Content; closes only after the sealed final chunk has opened, else errors. */
  readonly body: ReadableStream<Uint8Array>;
  /** The trailers, once the body has ended. */
  readonly trailers: () => Promise<FieldLines>;
}

type Cancel = CancellableSource['cancel'];

/**
 * Reads the head of a message from opened chunks.
 * @throws the codes of `createMessageReader` and `openChunks`
 */
export async function openMessage(chunks: ByteSource, cancel: Cancel, limits: ChannelLimits): Promise<ReceivedMessage> {
  const reader = createMessageReader(new ByteReader(chunks), limits);
  const start = await reader.readStart();
  return {
    start,
    body: createPullStream(cancelOnError({ next: () => reader.readContent(), cancel })),
    async trailers() {
      const trailers = reader.trailers();
      if (trailers === undefined) throw channelError('ERR_CHANNEL_BODY_UNREAD');
      return trailers;
    },
  };
}
