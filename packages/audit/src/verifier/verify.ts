import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseKey, verifyCheckpoint } from './checkpoint.ts';
import type { Checkpoint, Key } from './checkpoint.ts';
import { readEpoch, verifySigner } from './epoch.ts';
import type { Epoch } from './epoch.ts';
import { countOf, readEvent } from './event.ts';
import type { Event } from './event.ts';
import { refuse } from './fail.ts';
import { leafHash } from './hash.ts';
import { readSegments } from './segments.ts';
import type { Segment } from './segments.ts';
import { readLeafHashes } from './tiles.ts';
import { GrowingTree } from './tree.ts';

/** What an accepted log holds. */
export interface Report {
  readonly origin: string;
  /** Leaves that the signature covers, and their root in hex. */
  readonly size: number;
  readonly root: string;
  /** Index of the first entry that is still there. */
  readonly first: number;
  /** Events after the checkpoint. */
  readonly unsigned: number;
  /** Bytes of an unfinished write at the end. */
  readonly tail: number;
  /** Events that were refused, as the log counts them. */
  readonly refused: number;
  /** Keys that signed, each for a time, and how many of them have evidence of an enclave, which is not judged here. */
  readonly epochs: number;
  readonly evidence: number;
  readonly events: Readonly<Record<string, number>>;
}

/**
 * Verifies a log: the signature, every entry, the tree against the signed root, what the log says about itself, and
 * checkpoints that were kept elsewhere.
 */
export function verifyDirectory(directory: string, line: string, pinned: readonly string[]): Report {
  const key = parseKey(line);
  const signed = verifyCheckpoint(readFileSync(join(directory, 'checkpoint'), 'utf8'), key);
  const expected = [signed, ...pinned.map((note) => verifyCheckpoint(note, key))];
  const tree = new GrowingTree();
  // Without a prototype: no type of an event means anything of its own.
  const events = Object.create(null) as Record<string, number>;
  const state: State = { directory, key, first: 0, tail: 0, refused: 0, removed: 0, epochs: [], events };
  compareRoots(tree, expected);
  for (const segment of readSegments(directory)) {
    if (tree.size === 0) {
      for (const hash of readLeafHashes(directory, segment.first)) grow(tree, hash, expected);
      state.first = tree.size;
    }
    if (state.tail > 0) refuse(`${segment.name}: the one before ends within a write`);
    takeSegment(segment, tree, expected, state);
  }
  for (const { size } of expected) if (size > tree.size) refuse(`a checkpoint covers ${size} events of ${tree.size}`);
  if (state.first > Math.min(state.removed, signed.size)) refuse('entries were removed and the log does not say so');
  verifySigner(signed, state.epochs);
  const { first, tail, refused, epochs } = state;
  const { origin, size, root } = signed;
  const evidence = epochs.filter(({ hasEvidence }) => hasEvidence).length;
  const counts = { unsigned: tree.size - size, tail, refused, epochs: epochs.length, evidence, events };
  return { origin, size, root: root.toString('hex'), first, ...counts };
}

interface State {
  readonly directory: string;
  readonly key: Key;
  readonly epochs: Epoch[];
  first: number;
  tail: number;
  refused: number;
  removed: number;
  readonly events: Record<string, number>;
}

function takeSegment(segment: Segment, tree: GrowingTree, expected: readonly Checkpoint[], state: State): void {
  if (segment.first !== tree.size || !segment.root.equals(tree.root())) refuse(`${segment.name} does not follow`);
  state.tail = segment.each((entry) => {
    takeEvent(readEvent(entry, tree.size), tree, state);
    grow(tree, leafHash(entry), expected);
  });
}

function takeEvent(event: Event, tree: GrowingTree, state: State): void {
  const { type, size, root } = event;
  if (type === 'audit.open' || type === 'audit.rotate' || type === 'audit.epoch') {
    if (size !== tree.size || root !== tree.root().toString('hex')) refuse(`event ${tree.size} names another tree`);
  }
  if (type === 'audit.epoch') takeEpoch(event, tree.size, state);
  if (type === 'audit.gap') state.refused += countOf(event, 'events', tree.size);
  if (type === 'audit.retain') state.removed = Math.max(state.removed, countOf(event, 'first', tree.size));
  state.events[type] = (state.events[type] ?? 0) + 1;
}

function takeEpoch(event: Event, index: number, { directory, key, epochs, first }: State): void {
  const epoch = readEpoch(event, index, key, directory);
  const before = epochs.at(-1)?.number ?? (first === 0 ? 0 : epoch.number - 1);
  if (epoch.number !== before + 1) refuse(`event ${index}: an epoch is missing`);
  epochs.push(epoch);
}

function grow(tree: GrowingTree, hash: Buffer, expected: readonly Checkpoint[]): void {
  tree.append(hash);
  compareRoots(tree, expected);
}

function compareRoots(tree: GrowingTree, expected: readonly Checkpoint[]): void {
  for (const { size, root } of expected) {
    if (size === tree.size && !tree.root().equals(root)) refuse(`the tree of ${size} events has another root`);
  }
}
