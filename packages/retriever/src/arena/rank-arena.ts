import type { AccessLabel } from '@cloister/core';
import type { Arena, ArenaRow } from './arena.ts';

/** One row that may be seen, with its score. */
export interface RankedRow {
  readonly row: ArenaRow;
  /** Dot product of unit vectors: the cosine. */
  readonly score: number;
}

/** The best rows of an exact scan. */
export interface Ranking {
  /** Best first; equal scores in the order of their ids. */
  readonly best: readonly RankedRow[];
  readonly scanned: number;
  /** Rows that the caller may not see. They are never scored. */
  readonly refused: number;
}

/**
 * Scores every row that `allowed` lets through and keeps the best `limit`. Label and groups are judged once per distinct
 * pair, not per row.
 */
export function rankArena(
  arena: Arena,
  query: Float32Array,
  limit: number,
  allowed: (access: AccessLabel) => boolean,
): Ranking {
  const visible = arena.audiences.map(allowed);
  const best: RankedRow[] = [];
  let refused = 0;
  for (const [place, row] of arena.rows.entries()) {
    if (visible[row.audience] !== true) {
      refused++;
      continue;
    }
    const score = dot(arena.vectors, place * arena.dimensions, query);
    keepBest(best, { row, score }, limit);
  }
  return { best, scanned: arena.rows.length, refused };
}

function dot(vectors: Float32Array, start: number, query: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < query.length; index++) {
    sum += (vectors[start + index] as number) * (query[index] as number);
  }
  return sum;
}

/** Inserts into a list that is sorted best first; most rows of a scan fail the first comparison. */
function keepBest(best: RankedRow[], candidate: RankedRow, limit: number): void {
  const worst = best.at(-1);
  if (best.length >= limit && worst !== undefined && compare(candidate, worst) >= 0) return;
  let low = 0;
  let high = best.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(candidate, best[middle] as RankedRow) < 0) high = middle;
    else low = middle + 1;
  }
  best.splice(low, 0, candidate);
  if (best.length > limit) best.pop();
}

function compare(left: RankedRow, right: RankedRow): number {
  return right.score - left.score || (left.row.id < right.row.id ? -1 : 1);
}
