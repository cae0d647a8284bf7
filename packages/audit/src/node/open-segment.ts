import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { auditError } from '../errors.ts';
import { decodeFrame, encodeFrames, readFrames } from './frames.ts';
import type { LogDirectory } from './log-directory.ts';
import { HEADER_LENGTH, readHeader, segmentName } from './segment-header.ts';

/** One file of entries, open. */
export interface Segment {
  readonly number: number;
  /** Index of its first entry, and the root before it. */
  readonly first: number;
  readonly root: Uint8Array;
  /** Entries in it. */
  readonly count: number;
  /** Bytes in it. */
  readonly length: number;
  /** Time of its first entry; later than everything for a segment without entries. */
  readonly startedAt: number;
  /** Bytes of an unfinished write at its end when it was opened. */
  readonly cutBytes: number;
  /** Cuts those off. */
  cut(): Promise<void>;
  /** Writes entries at the end and makes them durable, all together. */
  append(entries: readonly Uint8Array[], now: number): Promise<void>;
  /** Entries `[from, to)` of the log, all of which lie in this segment. */
  read(from: number, to: number): Promise<readonly Uint8Array[]>;
  close(): Promise<void>;
}

/**
 * On Linux every write to a segment is on disk when it returns, as after `fdatasync`: one call to a thread instead of two.
 * Elsewhere that flag may leave the bytes in a drive's own cache, and a sync follows.
 */
const WRITE_THROUGH: number = process.platform === 'linux' ? constants.O_DSYNC : 0;

/** How a segment is opened. */
export interface OpenSegmentOptions {
  /** Called for every entry in order. @returns the entry's time in ms */
  readonly onEntry: (entry: Uint8Array) => number;
  /** Entries that may be kept; a frame beyond them is cut off like an unfinished write. */
  readonly keep: number;
  /** Only the last segment may end within a write. */
  readonly isLast: boolean;
}

/**
 * Opens a segment. What follows the last whole frame of the last segment was never acknowledged and is to be cut off
 * with `cut`; damage before a whole frame of a later write is refused.
 * @throws CloisterError `ERR_AUDIT_CORRUPT`
 */
export async function openSegment(
  directory: LogDirectory,
  number: number,
  options: OpenSegmentOptions,
): Promise<Segment> {
  const file = await directory.files.open(directory.path(segmentName(number)), constants.O_RDWR | WRITE_THROUGH);
  try {
    const header = await readHeader(file);
    const ends = [HEADER_LENGTH];
    let startedAt = Number.POSITIVE_INFINITY;
    for await (const { entry, end } of readFrames(file, HEADER_LENGTH)) {
      if (header.first + ends.length > options.keep) break;
      const time = options.onEntry(entry);
      if (ends.length === 1) startedAt = time;
      ends.push(end);
    }
    const cutBytes = await measureTail(file, ends.at(-1) ?? 0, options);
    return createSegment(file, { number, ...header, startedAt, cutBytes }, ends);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function measureTail(file: FileHandle, end: number, { isLast, keep }: OpenSegmentOptions): Promise<number> {
  const { size } = await file.stat();
  if (size === end) return 0;
  const isDamage = keep === Number.POSITIVE_INFINITY && (await holdsLaterWrite(file, end, size));
  if (!isLast || isDamage) throw auditError('ERR_AUDIT_CORRUPT', { detail: { offset: end } });
  return size - end;
}

/**
 * Whether a frame of a write that began after `end` stands behind it: that write began only once everything before it
 * was durable, so what lies at `end` is damage. Parts of one write may reach the disk in any order.
 */
async function holdsLaterWrite(file: FileHandle, end: number, size: number): Promise<boolean> {
  const tail = new Uint8Array(size - end);
  await file.read(tail, 0, tail.length, end);
  for (let at = 1; at < tail.length; at++) {
    const frame = decodeFrame(tail, at);
    if (frame !== undefined && frame.distance < at) return true;
  }
  return false;
}

type Facts = Pick<Segment, 'number' | 'first' | 'root' | 'startedAt' | 'cutBytes'>;

function createSegment(file: FileHandle, facts: Facts, ends: number[]): Segment {
  let { startedAt } = facts;
  const length = (): number => ends.at(-1) ?? 0;
  return {
    ...facts,
    get startedAt() {
      return startedAt;
    },
    get count() {
      return ends.length - 1;
    },
    get length() {
      return length();
    },
    async cut() {
      if (facts.cutBytes === 0) return;
      await file.truncate(length());
      await file.datasync();
    },
    async append(entries, now) {
      const { bytes, lengths } = encodeFrames(entries);
      await writeAll(file, bytes, length());
      if (WRITE_THROUGH === 0) await file.datasync();
      if (ends.length === 1) startedAt = now;
      for (const size of lengths) ends.push(length() + size);
    },
    async read(from, to) {
      const entries: Uint8Array[] = [];
      const [start, end] = [ends[from - facts.first] ?? 0, ends[to - facts.first] ?? 0];
      for await (const { entry } of readFrames(file, start, end)) entries.push(entry);
      if (entries.length !== to - from) throw auditError('ERR_AUDIT_CORRUPT');
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
