import { concat } from '@cloister/core';
import { channelError } from '../errors.ts';
import { MAX_CHUNK_BYTES } from '../limits.ts';
import type { ByteSource } from '../stream/byte-reader.ts';
import type { PlaintextChunks } from './chunks.ts';

/**
 * Chunks that are all there; the last one is the final chunk and may be empty.
 * @throws ERR_CHANNEL_INVALID_ARGUMENT for no chunk, an empty one before the last, or one above 16,384 bytes
 */
export function listChunks(chunks: readonly Uint8Array[]): PlaintextChunks {
  const last = chunks.length - 1;
  const isAllowed = ({ length }: Uint8Array, index: number): boolean =>
    length <= MAX_CHUNK_BYTES && (length > 0 || index === last);
  if (last < 0 || !chunks.every(isAllowed)) throw channelError('ERR_CHANNEL_INVALID_ARGUMENT', { subject: 'chunks' });
  return iterate(chunks);
}

async function* iterate(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, Uint8Array, undefined> {
  yield* chunks.slice(0, -1);
  return chunks.at(-1) as Uint8Array;
}

/** Everything a source has to give. */
export async function collect(source: ByteSource): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for (let piece = await source(); piece !== undefined; piece = await source()) pieces.push(piece);
  return pieces;
}

/** Everything a source has to give, joined. */
export async function join(source: ByteSource): Promise<Uint8Array> {
  return concat(...(await collect(source)));
}
