import { bigEndian, concat } from '@cloister/core';
import type { MerkleTree } from '../merkle/create-merkle-tree.ts';

/** Hashes or entries in a full tile (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;

/** One file of a tiled log. */
export interface TileFile {
  /** Relative to the log's directory. */
  readonly path: string;
  /** The path once the tile is full: a partial tile may have been replaced by it. */
  readonly fullPath: string;
  readonly width: number;
}

/** A tile of hashes or, with level `entries`, a bundle of entries. */
export interface Tile extends TileFile {
  readonly level: number | 'entries';
  readonly index: number;
}

/** All tiles of a tree of `size` leaves, bundles of entries first. `from` leaves out what ends before that leaf. */
export function* listTiles(size: number, from = 0): Generator<Tile> {
  yield* listLevel('entries', size, from);
  for (let level = 0, [count, first] = [size, from]; count > 0; level++) {
    yield* listLevel(level, count, first);
    [count, first] = [Math.floor(count / TILE_WIDTH), Math.floor(first / TILE_WIDTH)];
  }
}

function* listLevel(level: number | 'entries', count: number, first: number): Generator<Tile> {
  for (let index = Math.floor(first / TILE_WIDTH); index * TILE_WIDTH < count; index++) {
    const width = Math.min(TILE_WIDTH, count - index * TILE_WIDTH);
    const fullPath = `tile/${level}/${encodeIndex(index)}`;
    yield { level, index, width, fullPath, path: width === TILE_WIDTH ? fullPath : `${fullPath}.p/${width}` };
  }
}

/** 1234067 becomes `x001/x234/067`. */
function encodeIndex(index: number): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const groups = digits.match(/[0-9]{3}/g) ?? [];
  return groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** The bytes of a tile of hashes. */
export function hashTile(tree: MerkleTree, { level, index, width }: Tile & { readonly level: number }): Uint8Array {
  const hashes = Array.from({ length: width }, (_, place) => tree.node(8 * level, index * TILE_WIDTH + place));
  return concat(...hashes);
}

/** The bytes of a bundle: u16 big-endian length and bytes per entry. */
export function entryBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concat(...entries.flatMap((entry) => [bigEndian(entry.length, 2), entry]));
}
