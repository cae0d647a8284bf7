import type { ByteReader } from '../stream/byte-reader.ts';

/** A variable-length integer (RFC 9000 section 16) in its shortest form; `value` is a non-negative safe integer. */
export function encodeVarint(value: number): Uint8Array {
  if (value < 2 ** 6) return Uint8Array.of(value);
  if (value < 2 ** 14) return Uint8Array.of(0x40 | (value >> 8), value & 0xff);
  if (value < 2 ** 30)
    return Uint8Array.of(0x80 | (value >> 24), (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
  const bytes = new Uint8Array(8);
  const words = new DataView(bytes.buffer);
  words.setUint32(0, (Math.floor(value / 2 ** 32) | 0xc0000000) >>> 0);
  words.setUint32(4, value % 2 ** 32);
  return bytes;
}

/**
 * Reads a variable-length integer of any of its four lengths (RFC 9000 section 16).
 * @throws ERR_CHANNEL_TRUNCATED, and ERR_CHANNEL_TOO_LARGE above 2^53 - 1
 */
export async function readVarint(reader: ByteReader): Promise<number> {
  for (;;) {
    const value = reader.takeVarint();
    if (value !== undefined) return value;
    await reader.more();
  }
}
