/** Follows the framing of a chunked response (draft-ietf-ohai-chunked-ohttp-08 section 3) without opening anything. */
export interface ChunkTracker {
  /** Takes the bytes as they come. */
  push(bytes: Uint8Array): void;
  /** Whether the final chunk has begun: it runs to the end of the stream, which nobody but the opener can judge. */
  readonly isFinal: boolean;
}

/** @param nonceBytes length of the response nonce that stands in front of the chunks */
export function createChunkTracker(nonceBytes: number): ChunkTracker {
  let skip = nonceBytes;
  let lengthBytes = 0;
  let length = 0;
  let isFinal = false;
  return {
    push(bytes) {
      for (let at = 0; at < bytes.length && !isFinal;) {
        if (skip > 0) {
          const step = Math.min(skip, bytes.length - at);
          skip -= step;
          at += step;
          continue;
        }
        const byte = bytes[at++] as number;
        // The two upper bits of the first byte say how many follow (RFC 9000 section 16).
        if (lengthBytes === 0) [lengthBytes, length] = [1 << (byte >> 6), byte & 0x3f];
        else length = length * 256 + byte;
        lengthBytes -= 1;
        if (lengthBytes > 0) continue;
        if (length === 0) isFinal = true;
        else skip = length;
      }
    },
    get isFinal() {
      return isFinal;
    },
  };
}
