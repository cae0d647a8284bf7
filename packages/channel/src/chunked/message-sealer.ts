import { concat } from '@cloister/core';
import type { MessageStart } from '../bhttp/encode-sections.ts';
import { encodeStart, encodeTrailers } from '../bhttp/encode-sections.ts';
import { type Padding, paddingFor, requirePadding } from '../bhttp/padding.ts';
import type { FieldLines } from '../bhttp/types.ts';
import { encodeVarint } from '../bhttp/varint.ts';
import type { SequenceCipher } from '../hpke/sequence-cipher.ts';
import { MAX_CHUNK_BYTES } from '../limits.ts';
import { sealChunk } from './chunks.ts';

/** Seals one message as its content is pushed. One call at a time; the caller decides when the bytes leave. */
export interface MessageSealer {
  /** The sealed chunks that carry this content, the head in front of the first. Without content the head alone. */
  write(content: Uint8Array): Promise<readonly Uint8Array[]>;
  /** The sealed end, with the last of the content. Without this call the message reads as cut at the other end. */
  end(last?: { readonly content?: Uint8Array; readonly trailers?: FieldLines }): Promise<readonly Uint8Array[]>;
}

/** What is sealed, and by what. */
export interface MessageSealerOptions {
  /** What leaves in the clear before the first chunk. */
  readonly header: Uint8Array;
  /** Asked for once, with the first call. */
  readonly cipher: () => Promise<SequenceCipher>;
  readonly start: MessageStart;
  /** Zero bytes after the message (RFC 9292 section 3.8). */
  readonly padding?: Padding | undefined;
}

const FRAMING = 'indeterminate-length';
const NOTHING = new Uint8Array(0);
const TERMINATOR = Uint8Array.of(0);

/** One run of content (RFC 9292 section 3.2); none for nothing, which would end the content. */
function encodeRun(content: Uint8Array): readonly Uint8Array[] {
  return content.length === 0 ? [] : [encodeVarint(content.length), content];
}

/**
 * A sealer of one message in indeterminate-length framing (RFC 9292 section 3.2).
 * @throws ERR_CHANNEL_INVALID_ARGUMENT for a head that HTTP does not allow and for padding out of range
 */
export function createMessageSealer({ header, cipher, start, padding = 0 }: MessageSealerOptions): MessageSealer {
  requirePadding(padding);
  let before = header;
  let held = encodeStart(start, FRAMING);
  let length = 0;
  let bound: SequenceCipher | undefined;

  async function sealAll(plaintext: Uint8Array, isLast: boolean): Promise<readonly Uint8Array[]> {
    bound ??= await cipher();
    const chunks: Uint8Array[] = [];
    for (let offset = 0; offset < plaintext.length || (isLast && chunks.length === 0); offset += MAX_CHUNK_BYTES) {
      const end = offset + MAX_CHUNK_BYTES;
      const isFinal = isLast && end >= plaintext.length;
      chunks.push(await sealChunk(bound, plaintext.subarray(offset, end), { isFinal, before }));
      before = NOTHING;
    }
    return chunks;
  }

  function take(...parts: readonly Uint8Array[]): Uint8Array {
    const plaintext = concat(held, ...parts);
    held = NOTHING;
    length += plaintext.length;
    return plaintext;
  }

  return {
    write: (content) => sealAll(take(...encodeRun(content)), false),
    end({ content = NOTHING, trailers = [] } = {}) {
      const message = take(...encodeRun(content), TERMINATOR, encodeTrailers(trailers, FRAMING));
      const zeros = paddingFor(padding, length);
      return sealAll(zeros === 0 ? message : concat(message, new Uint8Array(zeros)), true);
    },
  };
}
