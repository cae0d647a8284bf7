import { concat, utf8 } from '@cloister/core';
import { encodeVarint, readVarint } from '../bhttp/varint.ts';
import { channelError } from '../errors.ts';
import type { SequenceCipher } from '../hpke/sequence-cipher.ts';
import { MAX_CHUNK_BYTES } from '../limits.ts';
import type { ByteReader, ByteSource } from '../stream/byte-reader.ts';

const TAG_BYTES = 16;
const LARGEST = MAX_CHUNK_BYTES + TAG_BYTES;
const NOTHING = new Uint8Array(0);
const FINAL = utf8('final');

/** Plaintext chunks of one message; the generator's result is the final one. */
export type PlaintextChunks = AsyncIterator<Uint8Array, Uint8Array, undefined>;

/**
 * Seals the next chunk of a message (draft-ietf-ohai-chunked-ohttp-08 section 3): length and ciphertext, length 0 and the
 * AAD "final" for the last one.
 * @param before what leaves in front of it, in the clear
 */
export async function sealChunk(
  cipher: SequenceCipher,
  plaintext: Uint8Array,
  { isFinal, before }: { readonly isFinal: boolean; readonly before: Uint8Array },
): Promise<Uint8Array> {
  const sealed = await cipher.seal(isFinal ? FINAL : NOTHING, plaintext);
  return concat(before, encodeVarint(isFinal ? 0 : sealed.length), sealed);
}

/** Seals chunks as they come, in the sizes in which they come. `header` leaves with the first one. */
export function sealChunks(
  header: Uint8Array,
  cipher: () => Promise<SequenceCipher>,
  chunks: PlaintextChunks,
): ByteSource {
  let bound: SequenceCipher | undefined;
  let before = header;
  let ended = false;
  return async () => {
    if (ended) return undefined;
    const { value, done = false } = await chunks.next();
    bound ??= await cipher();
    const sealed = await sealChunk(bound, value, { isFinal: done, before });
    before = NOTHING;
    ended = done;
    return sealed;
  };
}

/**
 * Opens chunks as they arrive; ends after the final one. A final chunk that does not open cannot be told from one that
 * was cut, so both are ERR_CHANNEL_TRUNCATED.
 * @throws (from the source) ERR_CHANNEL_MALFORMED_CHUNK for a chunk that holds nothing or more than 16,384 bytes,
 * ERR_CHANNEL_DECRYPT_FAILED for one that is altered or out of order, ERR_CHANNEL_TRUNCATED
 */
export function openChunks(wire: ByteReader, cipher: SequenceCipher): ByteSource {
  let ended = false;
  return async () => {
    if (ended) return undefined;
    const length = wire.takeVarint() ?? (await readVarint(wire));
    if (length === 0) {
      ended = true;
      return openFinal(await wire.takeRest(LARGEST), cipher);
    }
    if (length <= TAG_BYTES || length > LARGEST)
      throw channelError('ERR_CHANNEL_MALFORMED_CHUNK', { detail: { length } });
    const opened = await cipher.open(NOTHING, await wire.take(length));
    if (opened === undefined) throw channelError('ERR_CHANNEL_DECRYPT_FAILED');
    return opened;
  };
}

async function openFinal(sealed: Uint8Array, cipher: SequenceCipher): Promise<Uint8Array> {
  const opened = await cipher.open(FINAL, sealed);
  if (opened === undefined) throw channelError('ERR_CHANNEL_TRUNCATED');
  return opened;
}
