import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { refuse } from './fail.ts';

/** A file of entries: a header, then frames. */
export interface Segment {
  readonly name: string;
  /** Index of its first entry, and the root of the tree before it. */
  readonly first: number;
  readonly root: Buffer;
  /** Gives the entries, each a leaf of the tree, in order. @returns bytes after the last whole frame */
  each(take: (entry: Buffer) => void): number;
}

const MAGIC = 'cloister-audit/3\n';
const HEADER = MAGIC.length + 8 + 32 + 4;

/** The segments of a directory in order, read one after the other. */
export function* readSegments(directory: string): Generator<Segment> {
  const names = readdirSync(directory)
    .filter((name) => /^segment-[0-9]{6,12}\.log$/.test(name))
    .toSorted((left, right) => left.length - right.length || (left < right ? -1 : 1));
  if (names.length === 0) refuse('there is no segment');
  for (const name of names) yield readSegment(name, readFileSync(join(directory, name)));
}

/** Header: magic, u64 first index, root, CRC-32. */
function readSegment(name: string, bytes: Buffer): Segment {
  const isWhole = bytes.length >= HEADER && bytes.toString('latin1', 0, MAGIC.length) === MAGIC;
  if (!isWhole || bytes.readUInt32BE(HEADER - 4) !== crc32(bytes.subarray(0, HEADER - 4))) refuse(`${name}: no header`);
  const first = Number(bytes.readBigUInt64BE(MAGIC.length));
  const root = bytes.subarray(MAGIC.length + 8, HEADER - 4);
  return { name, first, root, each: (take) => readFrames(bytes.subarray(HEADER), take) };
}

/** Frame: u32 length, u32 CRC-32 of the rest, u32 distance, entry. */
function readFrames(bytes: Buffer, take: (entry: Buffer) => void): number {
  let at = 0;
  while (bytes.length - at >= 12) {
    const length = bytes.readUInt32BE(at);
    const frame = bytes.subarray(at + 8, at + 12 + length);
    if (length === 0 || length > 2048 || frame.length !== 4 + length || bytes.readUInt32BE(at + 4) !== crc32(frame))
      break;
    take(frame.subarray(4));
    at += 12 + length;
  }
  return bytes.length - at;
}
