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
  /** Rows that the caller may not see or did not ask for. They are never scored. */
  readonly refused: number;
}

/** Scores every row that `allowed` lets through and keeps the best `limit`. */
export function rankArena(
  arena: Arena,
  query: Float32Array,
  limit: number,
  allowed: (row: ArenaRow) => boolean,
): Ranking {
  const { vectors, dimensions } = arena;
  const best: RankedRow[] = [];
  let refused = 0;
  let worst = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < arena.rows.length; place++) {
    const row = arena.rows[place] as ArenaRow;
    if (!allowed(row)) {
      refused++;
      continue;
    }
    const score = dot(vectors, place * dimensions, query);
    // Most rows of a scan end here; an equal score goes on, because ids decide between equals.
    if (score < worst) continue;
    keepBest(best, { row, score }, limit);
    if (best.length >= limit) worst = best.at(-1)?.score ?? worst;
  }
  return { best, scanned: arena.rows.length, refused };
}

/** Four sums at once, because one would make every addition wait for the one before it. */
function dot(vectors: Float32Array, start: number, query: Float32Array): number {
  const { length } = query;
  const whole = length - (length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let index = 0; index < whole; index += 4) {
    const place = start + index;
    a += (vectors[place] as number) * (query[index] as number);
    b += (vectors[place + 1] as number) * (query[index + 1] as number);
    c += (vectors[place + 2] as number) * (query[index + 2] as number);
    d += (vectors[place + 3] as number) * (query[index + 3] as number);
  }
  for (let index = whole; index < length; index++) a += (vectors[start + index] as number) * (query[index] as number);
  return a + b + c + d;
}

/** Inserts into a list that is sorted best first. */
function keepBest(best: RankedRow[], candidate: RankedRow, limit: number): void {
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
