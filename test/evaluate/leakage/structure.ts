import { centre, smallest, squaredDistances } from './vectors.ts';
import type { Rows } from './vectors.ts';
import type { Seeded } from './seeded.ts';

// What the store learns of who is near whom, without knowing any text.

const NEIGHBOURS = 10;

/** Share of a record's ten nearest ones that are its text's ten nearest ones. */
export function neighbourOverlap(observed: Rows, texts: Rows): number {
  const [shown, true_] = [nearest(observed), nearest(texts)];
  const shared = shown.map((places, row) => places.filter((place) => true_[row]?.includes(place)).length / NEIGHBOURS);
  return shared.reduce((sum, share) => sum + share, 0) / shared.length;
}

function nearest(rows: Rows): readonly (readonly number[])[] {
  const matrix = centre(rows);
  const distances = squaredDistances(matrix, matrix);
  return rows.map((_, row) => {
    distances.set(row, row, Infinity);
    return smallest(distances.getRow(row), NEIGHBOURS);
  });
}

/** Spearman's correlation of the distances of random pairs, in the store and in truth. */
export function rankCorrelation(observed: Rows, texts: Rows, pairs: number, seeded: Seeded): number {
  const draw = (): number => Math.floor(seeded.next() * observed.length);
  const drawn = Array.from({ length: pairs }, () => [draw(), draw()] as const).filter(([a, b]) => a !== b);
  const distances = (rows: Rows): Float64Array =>
    Float64Array.from(drawn, ([a, b]) => distance(rows[a] as Float32Array, rows[b] as Float32Array));
  return correlation(ranks(distances(observed)), ranks(distances(texts)));
}

function distance(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at++) sum += (Number(left[at]) - Number(right[at])) ** 2;
  return sum;
}

/** Equal values share the mean of their ranks. */
function ranks(values: Float64Array): Float64Array {
  const order = [...values.keys()].toSorted((left, right) => Number(values[left]) - Number(values[right]));
  const ranked = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[Number(order[to + 1])] === values[Number(order[from])]) to++;
    for (let place = from; place <= to; place++) ranked[Number(order[place])] = (from + to) / 2;
    from = to + 1;
  }
  return ranked;
}

function correlation(left: Float64Array, right: Float64Array): number {
  const mean = (left.length - 1) / 2;
  let [product, a, b] = [0, 0, 0];
  for (let at = 0; at < left.length; at++) {
    const [x, y] = [Number(left[at]) - mean, Number(right[at]) - mean];
    product += x * y;
    a += x * x;
    b += y * y;
  }
  return a === 0 || b === 0 ? 0 : product / Math.sqrt(a * b);
}
