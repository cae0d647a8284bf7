import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { concat } from '@cloister/core';
import { MAX_EVENT_LENGTH } from '../events/encode-event.ts';

const PREFIX = 12;
const CHUNK = 1024 * 1024;

/** The largest frame in bytes. */
export const MAX_FRAME_LENGTH: number = PREFIX + MAX_EVENT_LENGTH;

/**
 * The entries of one write, each as a frame: u32 length, u32 CRC-32 over the rest, u32 distance to the write's first
 * frame, then the bytes; big-endian. The distance tells a write that a power cut tore in the middle from damage.
 * @returns the bytes and the length of each frame
 */
export function encodeFrames(entries: readonly Uint8Array[]): {
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
} {
  const lengths = entries.map(({ length }) => PREFIX + length);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const entry of entries) {
    view.setUint32(at, entry.length);
    view.setUint32(at + 8, at);
    bytes.set(entry, at + PREFIX);
    view.setUint32(at + 4, crc32(bytes.subarray(at + 8, at + PREFIX + entry.length)));
    at += PREFIX + entry.length;
  }
  return { bytes, lengths };
}

/** The frame that begins at `at`; `undefined` when the bytes are too few or not a frame. */
export function decodeFrame(
  bytes: Uint8Array,
  at: number,
): { readonly entry: Uint8Array; readonly distance: number } | undefined {
  if (bytes.length - at < PREFIX) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const length = view.getUint32(0);
  if (length === 0 || length > MAX_EVENT_LENGTH || bytes.length - at - PREFIX < length) return undefined;
  const checked = bytes.subarray(at + 8, at + PREFIX + length);
  if (crc32(checked) !== view.getUint32(4)) return undefined;
  return { entry: checked.subarray(4), distance: view.getUint32(8) };
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
    const frame = base + at < end ? decodeFrame(held, at) : undefined;
    if (frame !== undefined) {
      at += PREFIX + frame.entry.length;
      yield { entry: frame.entry, end: base + at };
      continue;
    }
    if (base + at >= end || held.length - at >= MAX_FRAME_LENGTH) return;
    const more = await readChunk(file, base + held.length, end);
    if (more.length === 0) return;
    held = concat(held.subarray(at), more);
    [base, at] = [base + at, 0];
  }
}

async function readChunk(file: FileHandle, position: number, end: number): Promise<Uint8Array> {
  const length = Math.min(CHUNK, end - position);
  const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
