import { equalBytes } from '@cloister/core';
import { auditError } from '../errors.ts';
import type { MerkleTree } from '../merkle/create-merkle-tree.ts';
import { leafHash } from '../merkle/hash.ts';
import type { LogDirectory } from './log-directory.ts';
import { openSegment } from './open-segment.ts';
import type { Segment } from './open-segment.ts';
import { encodeHeader, readHeader, segmentName, segmentNumber } from './segment-header.ts';
import { readLeafHashes } from './tiles.ts';

/** The segments of a log, in order and without a gap; the last one grows. */
export interface Segments {
  /** Index of the first entry that is still here. */
  readonly first: number;
  readonly last: Segment;
  /** Bytes of an unfinished write at the end when it was opened; nothing may be appended before they are cut off. */
  readonly cutBytes: number;
  /** Entries `[from, to)` as stored. @throws CloisterError `ERR_AUDIT_PROOF` when some were removed */
  read(from: number, to: number): Promise<readonly Uint8Array[]>;
  /** Begins a new segment; the one before it never changes again. */
  rotate(tree: MerkleTree): Promise<void>;
  /** Index of the first entry to keep when segments that ended before `time` go; `undefined` when none does. */
  expired(time: number): number | undefined;
  /** Removes the segments that end before `first`, lowest first. */
  removeBefore(first: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens all segments and fills the tree, or begins the first one. Of entries that were removed the tree gets the leaf
 * hashes from the tiles; the caller compares it with the signed root.
 * @param options.keep entries that may be kept; every whole one unless given
 * @throws CloisterError `ERR_AUDIT_CORRUPT`
 */
export async function openSegments(
  directory: LogDirectory,
  tree: MerkleTree,
  options: { readonly timeOf: (entry: Uint8Array) => number; readonly keep?: number },
): Promise<Segments> {
  const numbers = await listSegments(directory);
  if (numbers.length === 0) await directory.replace(segmentName(0), encodeHeader({ first: 0, root: tree.root() }));
  const all: Segment[] = [];
  try {
    for (const [place, number] of (numbers.length === 0 ? [0] : numbers).entries()) {
      if (place === 0) await fillRemoved(directory, number, tree);
      const size = tree.size;
      const root = tree.root();
      const segment = await openSegment(directory, number, {
        onEntry: (entry) => (tree.append(leafHash(entry)), options.timeOf(entry)),
        keep: options.keep ?? Number.POSITIVE_INFINITY,
        isLast: place >= numbers.length - 1,
      });
      all.push(segment);
      if (segment.first !== size || !equalBytes(segment.root, root)) throw corrupt(number);
    }
  } catch (error) {
    for (const segment of all) await segment.close();
    throw error;
  }
  return createSegments(directory, all);
}

/** Numbers of the segments in a directory, in order. @throws CloisterError `ERR_AUDIT_CORRUPT` when one is missing */
export async function listSegments(directory: LogDirectory): Promise<readonly number[]> {
  const names = await directory.names();
  const numbers = names.flatMap((name) => segmentNumber(name) ?? []).toSorted((left, right) => left - right);
  for (const [place, number] of numbers.entries()) if (number !== (numbers[0] ?? 0) + place) throw corrupt(number);
  return numbers;
}

/** Appends the hashes of the entries before a segment, which are kept no longer. */
export async function fillRemoved(directory: LogDirectory, number: number, tree: MerkleTree): Promise<void> {
  await using file = await directory.files.open(directory.path(segmentName(number)), 'r');
  const { first } = await readHeader(file);
  for (const hash of await readLeafHashes(directory, first)) tree.append(hash);
}

function corrupt(number: number): Error {
  return auditError('ERR_AUDIT_CORRUPT', { subject: segmentName(number) });
}

function createSegments(directory: LogDirectory, all: Segment[]): Segments {
  const last = (): Segment => all.at(-1) as Segment;
  return {
    get first() {
      return all[0]?.first ?? 0;
    },
    get last() {
      return last();
    },
    cutBytes: last().cutBytes,
    async read(from, to) {
      if (from < (all[0]?.first ?? 0)) throw auditError('ERR_AUDIT_PROOF');
      const entries: Uint8Array[] = [];
      for (const segment of all) {
        const [start, end] = [Math.max(from, segment.first), Math.min(to, segment.first + segment.count)];
        if (start < end) entries.push(...(await segment.read(start, end)));
      }
      return entries;
    },
    async rotate(tree) {
      const number = last().number + 1;
      await directory.replace(segmentName(number), encodeHeader({ first: tree.size, root: tree.root() }));
      all.push(await openSegment(directory, number, { onEntry: () => 0, keep: tree.size, isLast: true }));
    },
    expired(time) {
      const next = all.findLast((segment, place) => place > 0 && segment.startedAt < time);
      return next?.first;
    },
    async removeBefore(first) {
      while (all.length > 1 && (all[1]?.first ?? Number.POSITIVE_INFINITY) <= first) {
        const [segment] = all.splice(0, 1);
        await segment?.close();
        await directory.remove(segmentName(segment?.number ?? 0));
      }
    },
    async close() {
      for (const segment of all) await segment.close();
    },
  };
}
