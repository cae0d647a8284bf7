import type { Arena, ArenaRow } from './arena.ts';
import { dot } from './dot.ts';
import { ROWS_AT_ONCE } from './vector-memory.ts';

/** One row that may be seen, with its score. */
export interface RankedRow {
  readonly row: ArenaRow;
  /** Dot product of unit vectors: the cosine. */
  readonly score: number;
}

/**
 * Scores every visible row and keeps the best `limit`, best first; equal scores in the order of their ids. Where there is a
 * kernel, its scores only rule rows out that cannot be among the best: what remains is scored like everything else, so that
 * the ranking is the same to the last bit.
 * @param visible by the row's place: 0 for one that is never scored
 */
export function rankArena(arena: Arena, query: Float32Array, limit: number, visible: Uint8Array): readonly RankedRow[] {
  const scan = arena.scan(query);
  const best = createBest(limit);
  const margin = errorBound(arena, query);
  const { rows, vectors, dimensions } = arena;
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const end = Math.min(rows.length, start + ROWS_AT_ONCE);
    const estimates = scan?.estimate(start, end - start);
    for (let place = start; place < end; place++) {
      if (visible[place] === 0) continue;
      // The comparison is false for what is not a number, which is then scored.
      if (estimates !== undefined && (estimates[place - start] as number) < best.worst - margin) continue;
      best.offer(rows[place] as ArenaRow, dot(vectors, place * dimensions, query));
    }
  }
  scan?.end();
  return best.rows;
}

/**
 * How far a score of the kernel may be off: each of its sums adds a sixteenth of the products, the rest one by one, and
 * every step rounds to 24 bits or to the smallest number there is. Vectors so long that a step could overflow have no bound.
 */
function errorBound({ dimensions, longest }: Arena, query: Float32Array): number {
  const steps = dimensions / 16 + 24;
  const reach = longest * Math.sqrt(dot(query, 0, query));
  return reach < 1e30 ? 2 * steps * 2 ** -24 * reach + dimensions * 2 ** -148 : Number.POSITIVE_INFINITY;
}

/** The best rows so far. */
export interface Best {
  readonly rows: RankedRow[];
  /** A row with a lower score has no place any more. */
  readonly worst: number;
  offer(row: ArenaRow, score: number): void;
}

/** Keeps the best `limit` rows. @param second decides between equal scores; then ids do */
export function createBest(limit: number, second: (row: ArenaRow) => number = () => 0): Best {
  const rows: RankedRow[] = [];
  let worst = Number.NEGATIVE_INFINITY;
  const compare = (left: RankedRow, right: RankedRow): number =>
    right.score - left.score || second(right.row) - second(left.row) || (left.row.id < right.row.id ? -1 : 1);
  return {
    rows,
    get worst() {
      return worst;
    },
    offer(row, score) {
      // Most rows of a scan end here; an equal score goes on.
      if (score < worst) return;
      const candidate = { row, score };
      const place = rows.findLastIndex((held) => compare(held, candidate) < 0) + 1;
      rows.splice(place, 0, candidate);
      if (rows.length > limit) rows.pop();
      if (rows.length >= limit) worst = rows.at(-1)?.score ?? worst;
    },
  };
}
