import { channelError } from '../errors.ts';
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
  const first = ((await reader.take(1)) as Uint8Array)[0] as number;
  const more = 2 ** (first >> 6) - 1;
  let value = first & 0x3f;
  if (more === 0) return value;
  for (const byte of await reader.take(more)) value = value * 256 + byte;
  if (!Number.isSafeInteger(value)) throw channelError('ERR_CHANNEL_TOO_LARGE');
  return value;
}
