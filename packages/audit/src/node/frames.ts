import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { bigEndian, concat, utf8 } from '@cloister/core';
import { MAX_EVENT_LENGTH } from '../events/encode-event.ts';

/** How a segment begins. */
export const SEGMENT_HEADER: Uint8Array = utf8('cloister-audit/1\n');

const PREFIX = 8;
const CHUNK = 1024 * 1024;

/** One entry as the segment holds it: u32 length, u32 CRC-32, both big-endian, then the bytes. */
export function encodeFrame(entry: Uint8Array): Uint8Array {
  return concat(bigEndian(entry.length, 4), bigEndian(crc32(entry), 4), entry);
}

/** The entry whose frame begins at `at`; `undefined` when the bytes are too few or not a frame. */
export function decodeFrame(bytes: Uint8Array, at: number): Uint8Array | undefined {
  if (bytes.length - at < PREFIX) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const length = view.getUint32(0);
  if (length === 0 || length > MAX_EVENT_LENGTH || bytes.length - at - PREFIX < length) return undefined;
  const entry = bytes.subarray(at + PREFIX, at + PREFIX + length);
  return crc32(entry) === view.getUint32(4) ? entry : undefined;
}

/** An entry and where its frame ends. */
export interface Frame {
  readonly entry: Uint8Array;
  /** Offset in the file right after the frame. */
  readonly end: number;
}

/** The frames from an offset on, in order, up to the first place that is none or to `end`. */
export async function* readFrames(
  file: FileHandle,
  start: number,
  end: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<Frame> {
  let held: Uint8Array = new Uint8Array(0);
  let [base, at] = [start, 0];
  for (;;) {
    const entry = base + at < end ? decodeFrame(held, at) : undefined;
    if (entry !== undefined) {
      at += PREFIX + entry.length;
      yield { entry, end: base + at };
      continue;
    }
    if (base + at >= end || held.length - at >= PREFIX + MAX_EVENT_LENGTH) return;
    const more = await readChunk(file, base + held.length);
    if (more.length === 0) return;
    held = concat(held.subarray(at), more);
    [base, at] = [base + at, 0];
  }
}

async function readChunk(file: FileHandle, position: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(CHUNK), 0, CHUNK, position);
  return buffer.subarray(0, bytesRead);
}
