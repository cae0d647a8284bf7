import type { Arena, ArenaRow } from '../arena/arena.ts';
import { loadArena } from '../arena/load-arena.ts';
import type { LoadContext } from '../arena/load-arena.ts';
import { selectTags } from '../arena/selection.ts';
import type { RetrieverContext } from '../retriever-context.ts';
import { loadCells } from './load-cells.ts';
import { loadNearest } from './load-nearest.ts';

/** The opened records that are ranked exactly. */
export interface Candidates {
  readonly arena: Arena;
  /** Whether a row is to be ranked for this question; who may see it is another matter. */
  readonly counts: (row: ArenaRow) => boolean;
}

/** Opens what the mode of the collection looks at for a question. @param tags blind tags of the caller's groups */
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
): Promise<Candidates> {
  const { prefix, keyedWords, cells, probes } = context;
  const { ledger } = loading;
  if (prefix !== undefined) {
    return {
      arena: await loadNearest({ query, question, limit, basis: prefix, keyedWords }, tags, loading),
      counts: () => true,
    };
  }
  if (tags.length === 0) return { arena, counts: () => true };
  if (cells !== undefined && ledger !== undefined) {
    return { arena, counts: await loadCells(arena, query, tags, cells, probes, { ...loading, ledger }) };
  }
  await loadArena(arena, selectTags(tags), loading);
  return { arena, counts: () => true };
}
