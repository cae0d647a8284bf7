import { concat } from '@cloister/core';
import { MAX_CHUNK_BYTES } from '../limits.ts';
import type { CancellableSource } from '../stream/pull-stream.ts';
import type { MessageStart } from './encode-sections.ts';
import { encodeStart, encodeTrailers } from './encode-sections.ts';
import { type Padding, paddingFor, requirePadding } from './padding.ts';
import type { FieldLines } from './types.ts';
import { encodeVarint } from './varint.ts';

/** A message whose content may still be on its way. */
export interface OutgoingMessage extends MessageStart {
  /** All content at once, or pieces that leave one by one. */
  readonly content: Uint8Array | CancellableSource;
  /** Asked for after the content has ended. */
  readonly trailers?: () => FieldLines | Promise<FieldLines>;
  /** Zero bytes after the trailers (RFC 9292 section 3.8). */
  readonly padding?: Padding;
}

/** Pieces of at most 16,384 bytes; the last one is the generator's result. */
export type MessagePieces = AsyncGenerator<Uint8Array, Uint8Array, undefined>;

const FRAMING = 'indeterminate-length';
const TERMINATOR = Uint8Array.of(0);
const LARGEST_CONTENT = MAX_CHUNK_BYTES - 2;

/** All but the last slice are yielded, the last is returned; there is always one. */
function* slices(bytes: Uint8Array, size = MAX_CHUNK_BYTES): Generator<Uint8Array, Uint8Array, undefined> {
  let offset = 0;
  for (; bytes.length - offset > size; offset += size) yield bytes.subarray(offset, offset + size);
  return bytes.subarray(offset);
}

/** @param before how long the message is without its tail */
async function encodeTail({ trailers, padding = 0 }: OutgoingMessage, before: number): Promise<Uint8Array> {
  const section = encodeTrailers((await trailers?.()) ?? [], FRAMING);
  const length = before + TERMINATOR.length + section.length;
  return concat(TERMINATOR, section, new Uint8Array(paddingFor(padding, length)));
}

async function* writeContent(content: CancellableSource): AsyncGenerator<Uint8Array, void, undefined> {
  for (let piece = await content.next(); piece !== undefined; piece = await content.next()) {
    for (let offset = 0; offset < piece.length; offset += LARGEST_CONTENT) {
      const part = piece.subarray(offset, offset + LARGEST_CONTENT);
      yield concat(encodeVarint(part.length), part);
    }
  }
}

/** Content that is all there needs no piece of its own: small messages fit into one final piece. */
async function* writeWhole(start: Uint8Array, content: Uint8Array, message: OutgoingMessage): MessagePieces {
  const run = content.length === 0 ? [] : [encodeVarint(content.length), content];
  const before = run.reduce((sum, part) => sum + part.length, start.length);
  return yield* slices(concat(start, ...run, await encodeTail(message, before)));
}

async function* writeStream(start: Uint8Array, content: CancellableSource, message: OutgoingMessage): MessagePieces {
  yield yield* slices(start);
  let before = start.length;
  for await (const run of writeContent(content)) {
    before += run.length;
    yield run;
  }
  return yield* slices(await encodeTail(message, before));
}

/**
 * A message in indeterminate-length framing (RFC 9292 section 3.2), in the pieces in which it leaves: each piece of
 * streamed content leaves at once as one piece of the message.
 * @throws ERR_CHANNEL_INVALID_ARGUMENT at once for a head that HTTP does not allow
 */
export function writeMessage(message: OutgoingMessage): MessagePieces {
  const { content, padding = 0 } = message;
  requirePadding(padding);
  const start = encodeStart(message, FRAMING);
  return content instanceof Uint8Array ? writeWhole(start, content, message) : writeStream(start, content, message);
}
