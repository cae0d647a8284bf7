import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MerkleTree } from '../merkle/create-merkle-tree.ts';
import { replaceFile } from './files.ts';
import type { Segment } from './segment.ts';
import { TILE_WIDTH, entryBundle, hashTile, listTiles } from './tiles.ts';
import type { Tile } from './tiles.ts';

/**
 * Writes the tiles of the first `size` leaves that are not there yet (C2SP tlog-tiles). Tiles are derived: what is
 * missing is made again from the segment.
 * @param from leaves whose full tiles are known to be written
 */
export async function publishTree(
  directory: string,
  source: { readonly tree: MerkleTree; readonly segment: Segment },
  range: { readonly from: number; readonly size: number },
): Promise<void> {
  for (const tile of listTiles(range.size, range.from)) {
    const path = join(directory, tile.path);
    if (await exists(path)) continue;
    await replaceFile(path, await tileBytes(source.tree, source.segment, tile));
    if (tile.width === TILE_WIDTH) await rm(`${path}.p`, { recursive: true, force: true });
  }
}

async function tileBytes(tree: MerkleTree, segment: Segment, tile: Tile): Promise<Uint8Array> {
  const { level, index, width } = tile;
  if (level !== 'entries') return hashTile(tree, { ...tile, level });
  return entryBundle(await segment.read(index * TILE_WIDTH, index * TILE_WIDTH + width));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
