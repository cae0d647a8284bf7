import type { MerkleTree } from '../merkle/create-merkle-tree.ts';
import type { LogDirectory } from './log-directory.ts';
import type { Segments } from './segments.ts';
import { TILE_WIDTH, entryBundle, hashTile, listTiles } from './tiles.ts';
import type { Tile } from './tiles.ts';

/**
 * Writes the tiles of the first `size` leaves that are not there yet (C2SP tlog-tiles). Tiles are derived: what is
 * missing is made again from the segments, except bundles that hold removed entries.
 * @param from leaves whose full tiles are known to be written
 */
export async function publishTree(
  directory: LogDirectory,
  source: { readonly tree: MerkleTree; readonly segments: Segments },
  range: { readonly from: number; readonly size: number },
): Promise<void> {
  for (const tile of listTiles(range.size, range.from)) {
    if (isRemoved(tile, source.segments.first) || (await directory.exists(tile.path))) continue;
    await directory.replace(tile.path, await tileBytes(source.tree, source.segments, tile));
    if (tile.width === TILE_WIDTH) await directory.remove(`${tile.path}.p`);
  }
}

/** Whether a bundle begins with entries that are kept no longer. */
function isRemoved({ level, index }: Tile, first: number): boolean {
  return level === 'entries' && index * TILE_WIDTH < first;
}

async function tileBytes(tree: MerkleTree, segments: Segments, tile: Tile): Promise<Uint8Array> {
  const { level, index, width } = tile;
  if (level !== 'entries') return hashTile(tree, { ...tile, level });
  return entryBundle(await segments.read(index * TILE_WIDTH, index * TILE_WIDTH + width));
}
