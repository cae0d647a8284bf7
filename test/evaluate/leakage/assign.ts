import type { Matrix } from 'ml-matrix';

/**
 * The cheapest way to give every row a column of its own (the Hungarian method in the form of Jonker and Volgenant): the
 * column of each row.
 * @param costs at most as many rows as columns
 */
export function assign(costs: Matrix): number[] {
  const { rows, columns } = costs;
  const [u, v] = [new Float64Array(rows + 1), new Float64Array(columns + 1)];
  const owner = new Int32Array(columns + 1);
  const way = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    owner[0] = row;
    const least = new Float64Array(columns + 1).fill(Infinity);
    const used = new Uint8Array(columns + 1);
    let column = 0;
    do {
      column = advance({ costs, u, v, owner, way, least, used }, column);
    } while (owner[column] !== 0);
    for (; column !== 0; column = way[column] as number) owner[column] = owner[way[column] as number] as number;
  }
  const columnOf = Array.from({ length: rows }, () => -1);
  for (let column = 1; column <= columns; column++) {
    const row = owner[column] as number;
    if (row > 0) columnOf[row - 1] = column - 1;
  }
  return columnOf;
}

interface Search {
  readonly costs: Matrix;
  readonly u: Float64Array;
  readonly v: Float64Array;
  readonly owner: Int32Array;
  readonly way: Int32Array;
  readonly least: Float64Array;
  readonly used: Uint8Array;
}

/** One step along the cheapest path; the next column. */
function advance({ costs, u, v, owner, way, least, used }: Search, column: number): number {
  used[column] = 1;
  const row = owner[column] as number;
  let [delta, next] = [Infinity, 0];
  for (let other = 1; other <= costs.columns; other++) {
    if (used[other] === 1) continue;
    const cost = costs.get(row - 1, other - 1) - (u[row] as number) - (v[other] as number);
    if (cost < (least[other] as number)) {
      least[other] = cost;
      way[other] = column;
    }
    if ((least[other] as number) < delta) [delta, next] = [least[other] as number, other];
  }
  for (let other = 0; other <= costs.columns; other++) {
    if (used[other] === 1) {
      u[owner[other] as number] = (u[owner[other] as number] as number) + delta;
      v[other] = (v[other] as number) - delta;
    } else least[other] = (least[other] as number) - delta;
  }
  return next;
}
