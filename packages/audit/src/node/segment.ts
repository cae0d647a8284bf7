import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { concat, equalBytes } from '@cloister/core';
import { auditError } from '../errors.ts';
import { readIfPresent, replaceFile } from './files.ts';
import { SEGMENT_HEADER, decodeFrame, encodeFrame, readFrames } from './frames.ts';

/** The file that holds all entries. */
export const SEGMENT_FILE = 'segment-000000.log';

/** The entries of a log on disk, open for appending. */
export interface Segment {
  /** Bytes of an unfinished write that were cut off when it was opened. */
  readonly cutBytes: number;
  /** Writes entries at the end and makes them durable with one sync. */
  append(entries: readonly Uint8Array[]): Promise<void>;
  /** Entries `[first, end)` as stored. */
  read(first: number, end: number): Promise<readonly Uint8Array[]>;
  close(): Promise<void>;
}

/**
 * Opens the segment of a directory or makes it. What follows the last whole frame was never acknowledged and is cut off;
 * damage before a whole frame is refused.
 * @param onEntry called for every stored entry, in order
 * @throws CloisterError `ERR_AUDIT_CORRUPT`
 */
export async function openSegment(directory: string, onEntry: (entry: Uint8Array) => void): Promise<Segment> {
  const path = join(directory, SEGMENT_FILE);
  if ((await readHeader(path)) === undefined) await replaceFile(path, SEGMENT_HEADER);
  const file = await open(path, 'r+');
  try {
    const ends = [SEGMENT_HEADER.length];
    for await (const { entry, end } of readFrames(file, SEGMENT_HEADER.length)) {
      onEntry(entry);
      ends.push(end);
    }
    const cutBytes = await cutTail(file, ends.at(-1) ?? 0);
    return createSegment(file, ends, cutBytes);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHeader(path: string): Promise<Uint8Array | undefined> {
  try {
    await using file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(new Uint8Array(SEGMENT_HEADER.length));
    if (!equalBytes(buffer.subarray(0, bytesRead), SEGMENT_HEADER)) throw auditError('ERR_AUDIT_CORRUPT');
    return buffer;
  } catch (error) {
    if ((await readIfPresent(path)) === undefined) return undefined;
    throw error;
  }
}

async function cutTail(file: FileHandle, end: number): Promise<number> {
  const { size } = await file.stat();
  if (size === end) return 0;
  if (await holdsFrame(file, end + 1, size)) throw auditError('ERR_AUDIT_CORRUPT', { detail: { offset: end } });
  await file.truncate(end);
  await file.datasync();
  return size - end;
}

/** Whether a whole frame begins anywhere in the range: then what precedes it is damage, not an unfinished write. */
async function holdsFrame(file: FileHandle, start: number, end: number): Promise<boolean> {
  const tail = new Uint8Array(end - start);
  await file.read(tail, 0, tail.length, start);
  for (let at = 0; at < tail.length; at++) if (decodeFrame(tail, at) !== undefined) return true;
  return false;
}

function createSegment(file: FileHandle, ends: number[], cutBytes: number): Segment {
  return {
    cutBytes,
    async append(entries) {
      const start = ends.at(-1) ?? 0;
      const frames = entries.map(encodeFrame);
      await writeAll(file, concat(...frames), start);
      await file.datasync();
      for (const frame of frames) ends.push((ends.at(-1) ?? 0) + frame.length);
    },
    async read(first, end) {
      const entries: Uint8Array[] = [];
      const [from, to] = [ends[first] ?? 0, ends[end] ?? 0];
      for await (const { entry } of readFrames(file, from, to)) entries.push(Uint8Array.from(entry));
      if (entries.length !== end - first) throw auditError('ERR_AUDIT_CORRUPT');
      return entries;
    },
    close: () => file.close(),
  };
}

/** A write may be short: the rest follows until all is written. */
async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
