import { tdxError } from './errors.ts';

/** Reads a quote front to back. Every read is bounds-checked and throws ERR_EVIDENCE_QUOTE_MALFORMED with the offset. */
export interface ByteReader {
  bytes(length: number): Uint8Array;
  /** All that is left. */
  rest(): Uint8Array;
  /** A little-endian unsigned integer. */
  uint(length: 1 | 2 | 4): number;
  readonly offset: number;
  /** Refuses anything left over. */
  end(): void;
}

/** A reader over a quote or a part of it; `base` is the part's offset in the whole, for error details. */
export function createByteReader(input: Uint8Array, base = 0): ByteReader {
  let offset = 0;
  const refuse = (): never => {
    throw tdxError('ERR_EVIDENCE_QUOTE_MALFORMED', { detail: { offset: base + offset } });
  };
  const bytes = (length: number): Uint8Array => {
    if (length > input.length - offset) refuse();
    offset += length;
    return input.subarray(offset - length, offset);
  };
  return {
    bytes,
    rest: () => bytes(input.length - offset),
    uint: (length) => bytes(length).reduceRight((value, byte) => value * 256 + byte, 0),
    get offset() {
      return base + offset;
    },
    end() {
      if (offset !== input.length) refuse();
    },
  };
}
