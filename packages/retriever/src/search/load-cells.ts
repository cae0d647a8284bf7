import type { CollectionLedger } from '@cloister/tenancy';
import type { Arena, ArenaRow } from '../arena/arena.ts';
import { loadArena } from '../arena/load-arena.ts';
import type { LoadContext } from '../arena/load-arena.ts';
import { selectCells } from '../arena/selection.ts';
import { dropTornDocuments } from '../arena/sync-arena.ts';
import { cellTag } from '../cells/cell-names.ts';
import type { CellSpace } from '../cells/cell-space.ts';

/**
 * Opens the cells nearest to a question, and what waits for a bucket. Cells that were opened before stay, while there is
 * room; they do not count for this question, so that an answer does not depend on what others asked.
 * @returns places of the rows that count, rising
 */
export async function loadCells(
  arena: Arena,
  query: Float32Array,
  tags: readonly string[],
  space: CellSpace,
  probes: number,
  context: LoadContext & { readonly ledger: CollectionLedger },
): Promise<readonly number[]> {
  const near = space.nearest(query, probes).map(({ cell }) => cellTag(context.keys, space, cell));
  const selection = selectCells(context.keys, context.ledger, tags, near);
  arena.makeRoom(selection.units, countNew(arena, context.ledger, near));
  await loadArena(arena, selection, context);
  dropTornDocuments(arena, context.ledger);
  const counted = new Set(['', ...near]);
  return [...arena.rows.keys()].filter((place) => counted.has((arena.rows[place] as ArenaRow).cell));
}

/** At most how many rows the cells bring that are not in the arena. */
function countNew(arena: Arena, ledger: CollectionLedger, cells: readonly string[]): number {
  const missing = (cell: string): number =>
    ledger.withTag(cell).filter(({ id }) => arena.find(id) === undefined).length;
  return cells.reduce((sum, cell) => sum + missing(cell), 0);
}
