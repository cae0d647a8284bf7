import type { Arena, ArenaRow } from './arena.ts';
import { dot } from './dot.ts';
import { createBest, rankArena } from './rank-arena.ts';
import type { RankedRow } from './rank-arena.ts';

/** Rows of each ranking that are fused, at least. */
const DEPTH = 100;
/** Damps the first ranks (Cormack, Clarke and Büttcher, 2009). */
const RANK_OFFSET = 60;

/**
 * Fuses the ranking by meaning with the one by words (BM25): a row's score is the sum of 1 / (60 + rank) over the rankings
 * that it is in. Between equals the cosine decides, so that the order does not depend on keys.
 * @param visible places of the rows that count, rising
 */
export function rankHybrid(
  arena: Arena,
  query: Float32Array,
  question: string,
  limit: number,
  visible: Uint32Array,
): readonly RankedRow[] {
  const depth = Math.max(DEPTH, limit);
  const rankings = [rankArena(arena, query, depth, visible), rankWords(arena, query, question, depth, visible)];
  const fused = new Map<string, RankedRow & { readonly cosine: number }>();
  for (const ranking of rankings) {
    for (const [rank, { row }] of ranking.entries()) {
      const cosine = fused.get(row.id)?.cosine ?? cosineOf(arena, row, query);
      const score = (fused.get(row.id)?.score ?? 0) + 1 / (RANK_OFFSET + rank + 1);
      fused.set(row.id, { row, score, cosine });
    }
  }
  const ranked = [...fused.values()].toSorted(
    (left, right) => right.score - left.score || right.cosine - left.cosine || (left.row.id < right.row.id ? -1 : 1),
  );
  return ranked.slice(0, limit).map(({ row, score }) => ({ row, score }));
}

/** The rows that share a word with the question, best first. */
function rankWords(
  arena: Arena,
  query: Float32Array,
  question: string,
  depth: number,
  visible: Uint32Array,
): readonly RankedRow[] {
  const { lexical, rows } = arena;
  if (lexical === undefined) return [];
  const slots = new Uint8Array(lexical.slots);
  for (const place of visible) slots[arena.slotAt(place)] = 1;
  const scores = lexical.score(question, slots);
  const best = createBest(depth, (row) => cosineOf(arena, row, query));
  for (const place of visible) {
    const score = scores[arena.slotAt(place)] as number;
    if (score > 0) best.offer(rows[place] as ArenaRow, score);
  }
  return best.rows;
}

function cosineOf(arena: Arena, row: ArenaRow, query: Float32Array): number {
  return dot(arena.vectors, arena.placeOf(row.id) * arena.dimensions, query);
}
