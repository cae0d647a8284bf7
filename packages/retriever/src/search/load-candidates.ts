import type { Arena } from '../arena/arena.ts';
import { loadArena } from '../arena/load-arena.ts';
import type { LoadContext } from '../arena/load-arena.ts';
import { selectTags } from '../arena/selection.ts';
import { dropTornDocuments } from '../arena/sync-arena.ts';
import type { RetrieverContext } from '../retriever-context.ts';
import { loadCells } from './load-cells.ts';
import { loadNearest } from './load-nearest.ts';

/**
 * Opens into the arena what the mode of the collection looks at for a question. @param tags blind tags of the caller's groups
 * @returns places of the rows that are ranked exactly, rising; `undefined` for all. Who may see them is another matter.
 */
export async function loadCandidates(
  {
    context,
    query,
    question,
    limit,
  }: {
    readonly context: RetrieverContext;
    readonly query: Float32Array;
    readonly question: string;
    readonly limit: number;
  },
  arena: Arena,
  tags: readonly string[],
  loading: LoadContext,
): Promise<readonly number[] | undefined> {
  const { prefix, keyedWords, cells, probes } = context;
  const { ledger } = loading;
  if (tags.length === 0) return prefix === undefined ? undefined : [];
  if (prefix !== undefined) {
    return loadNearest(arena, { query, question, limit, basis: prefix, keyedWords }, tags, loading);
  }
  if (cells !== undefined && ledger !== undefined) {
    return loadCells(arena, query, tags, cells, probes, { ...loading, ledger });
  }
  await loadArena(arena, selectTags(tags), loading);
  if (ledger !== undefined) dropTornDocuments(arena, ledger);
  return undefined;
}
