import type { MessageStart } from '../bhttp/encode-sections.ts';
import type { Padding } from '../bhttp/padding.ts';
import type { OutgoingMessage } from '../bhttp/write-message.ts';
import { writeMessage } from '../bhttp/write-message.ts';
import type { SequenceCipher } from '../hpke/sequence-cipher.ts';
import { cancelOnError, createPullStream, readPieces } from '../stream/pull-stream.ts';
import type { Body, CancellableSource } from '../stream/pull-stream.ts';
import { sealChunks } from './chunks.ts';

const NOTHING: Uint8Array = new Uint8Array(0);

/** A message as callers give it, either direction. */
export interface SealableMessage extends MessageStart {
  readonly body?: Body;
  readonly trailers?: OutgoingMessage['trailers'];
  readonly padding?: Padding | undefined;
}

function toOutgoing({ body = NOTHING, trailers, padding, ...start }: SealableMessage): OutgoingMessage {
  const content = body instanceof Uint8Array ? body : readPieces(body);
  return { ...start, content, ...(trailers && { trailers }), ...(padding !== undefined && { padding }) };
}

/**
 * The sealed stream of a message, behind `header`. It pulls the body only when it is read itself; cancelling it cancels
 * the body.
 * @throws ERR_CHANNEL_INVALID_ARGUMENT at once for a head that HTTP does not allow
 */
export function sealStream(
  header: Uint8Array,
  cipher: () => Promise<SequenceCipher>,
  message: SealableMessage,
): ReadableStream<Uint8Array> {
  const outgoing = toOutgoing(message);
  const chunks = sealChunks(header, cipher, writeMessage(outgoing));
  const { content } = outgoing;
  const cancel: CancellableSource['cancel'] = content instanceof Uint8Array ? () => Promise.resolve() : content.cancel;
  return createPullStream(cancelOnError({ next: chunks, cancel }));
}
