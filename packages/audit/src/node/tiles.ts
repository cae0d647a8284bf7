import { bigEndian, concat } from '@cloister/core';
import { auditError } from '../errors.ts';
import type { MerkleTree } from '../merkle/create-merkle-tree.ts';
import type { LogDirectory } from './log-directory.ts';

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
    const fullPath = tilePath(level, index);
    yield { level, index, width, fullPath, path: width === TILE_WIDTH ? fullPath : `${fullPath}.p/${width}` };
  }
}

/** Where a full tile lies: `tile/0/x001/234`. */
export function tilePath(level: number | 'entries', index: number): string {
  return `tile/${level}/${encodeIndex(index)}`;
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

/**
 * The hashes of the leaves `[0, size)` from the tiles of level 0: the widest tile of each place serves.
 * @throws CloisterError `ERR_AUDIT_CORRUPT` when one is missing
 */
export async function readLeafHashes(directory: LogDirectory, size: number): Promise<readonly Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  for (const tile of listLevel(0, size, 0)) {
    const bytes = await readTile(directory, tile);
    if (bytes === undefined || bytes.length < tile.width * 32) {
      throw auditError('ERR_AUDIT_CORRUPT', { subject: tile.path });
    }
    for (let place = 0; place < tile.width; place++) hashes.push(bytes.slice(place * 32, place * 32 + 32));
  }
  return hashes;
}

/** A tile's bytes. A writer may have replaced it by a wider or the full one, which begins with the same bytes. */
export async function readTile(directory: LogDirectory, tile: TileFile): Promise<Uint8Array | undefined> {
  const stored = (await directory.read(tile.path)) ?? (await directory.read(tile.fullPath));
  if (stored !== undefined) return stored;
  const names = await directory.files.readdir(directory.path(`${tile.fullPath}.p`)).catch(() => []);
  const width = Math.max(...names.map(Number).filter((value) => value >= tile.width));
  return Number.isFinite(width) ? directory.read(`${tile.fullPath}.p/${width}`) : undefined;
}
