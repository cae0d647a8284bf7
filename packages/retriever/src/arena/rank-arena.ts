import type { Arena, ArenaRow } from './arena.ts';
import { dot } from './dot.ts';
import { ROWS_AT_ONCE } from './sketch-memory.ts';

/** One row that may be seen, with its score. */
export interface RankedRow {
  readonly row: ArenaRow;
  /** Dot product of unit vectors: the cosine. */
  readonly score: number;
}

/** With fewer visible rows than one of so many, sketches of the others would be read in vain. */
const SPARSE = 8;

/**
 * Scores every visible row and keeps the best `limit`, best first; equal scores in the order of their ids. Sketches, where there
 * are some, only rule rows out that cannot be among the best: what remains is scored like everything else, so that the
 * ranking is the same to the last bit.
 * @param visible places of the rows to look at, rising
 */
export function rankArena(
  arena: Arena,
  query: Float32Array,
  limit: number,
  visible: Uint32Array,
): readonly RankedRow[] {
  const { rows, vectors, dimensions } = arena;
  const best = createBest(limit);
  const scan = visible.length * SPARSE < rows.length ? undefined : arena.scan(query);
  let [start, end, worst] = [0, 0, best.worst];
  let bounds: Float32Array = new Float32Array(0);
  for (let index = 0; index < visible.length; index++) {
    const place = visible[index] as number;
    if (scan !== undefined) {
      if (place >= end) {
        start = place - (place % ROWS_AT_ONCE);
        end = Math.min(start + ROWS_AT_ONCE, rows.length);
        bounds = scan.bound(start, end - start);
      }
      // The comparison is false for what is not a number, which is then scored.
      if ((bounds[place - start] as number) < worst) continue;
    }
    best.offer(rows[place] as ArenaRow, dot(vectors, place * dimensions, query));
    worst = best.worst;
  }
  scan?.end();
  return best.rows;
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
