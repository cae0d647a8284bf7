import { channelError } from '../errors.ts';

/**
 * Zero bytes after a message (RFC 9292 section 3.8): so many, at most 1 MiB; or `buckets`, as many as bring the message to
 * the next power of two from 1 KiB to 1 MiB, and beyond that to the next whole MiB. A length then tells its bucket alone.
 */
export type Padding = number | 'buckets';

const SMALLEST = 1024;
const MEBIBYTE = 1_048_576;

/** @throws ERR_CHANNEL_INVALID_ARGUMENT for a number out of range */
export function requirePadding(padding: Padding): void {
  if (padding === 'buckets') return;
  if (!Number.isSafeInteger(padding) || padding < 0 || padding > MEBIBYTE) {
    throw channelError('ERR_CHANNEL_INVALID_ARGUMENT', { subject: 'padding' });
  }
}

/** Zero bytes for a message of `length` bytes. */
export function paddingFor(padding: Padding, length: number): number {
  if (padding !== 'buckets') return padding;
  if (length > MEBIBYTE) return Math.ceil(length / MEBIBYTE) * MEBIBYTE - length;
  let bucket = SMALLEST;
  while (bucket < length) bucket *= 2;
  return bucket - length;
}
