import { Matrix } from 'ml-matrix';

/** Rows of numbers, one for each record or text. */
export type Rows = readonly (readonly number[] | Float32Array | Float64Array)[];

/** Rows with the mean of `reference` taken away. */
export function centre(rows: Rows, reference: Rows = rows): Matrix {
  const { length } = reference[0] ?? [];
  const mean = new Float64Array(length);
  for (const row of reference) for (let at = 0; at < length; at++) mean[at] = (mean[at] as number) + Number(row[at]);
  return new Matrix(rows.map((row) => Array.from(row, (value, at) => value - (mean[at] as number) / reference.length)));
}

/** How far every row of one matrix is from every row of another, squared: `left.rows x right.rows`. */
export function squaredDistances(left: Matrix, right: Matrix): Matrix {
  const norms = (matrix: Matrix): number[] => matrix.to2DArray().map((row) => row.reduce((sum, v) => sum + v * v, 0));
  const [ofLeft, ofRight] = [norms(left), norms(right)];
  const products = left.mmul(right.transpose());
  for (let row = 0; row < products.rows; row++) {
    for (let column = 0; column < products.columns; column++) {
      const squared = Number(ofLeft[row]) + Number(ofRight[column]) - 2 * products.get(row, column);
      products.set(row, column, Math.max(0, squared));
    }
  }
  return products;
}

/** Every row scaled to length 1, so that distances rank as cosines do. */
export function toUnit(matrix: Matrix): Matrix {
  const rows = matrix.to2DArray().map((row) => {
    const length = Math.hypot(...row);
    return length === 0 ? row : row.map((value) => value / length);
  });
  return new Matrix(rows);
}

/** For each row of distances, the place of the smallest one. */
export function nearestOf(distances: Matrix): number[] {
  return Array.from({ length: distances.rows }, (_, row) => distances.getRow(row).reduce(smaller, [-1, Infinity])[0]);
}

function smaller(best: readonly [number, number], value: number, place: number): readonly [number, number] {
  return value < best[1] ? [place, value] : best;
}

/** Which share of records were given their own text. @param truth the right place of each */
export function linkage(guesses: readonly number[], truth: readonly number[]): number {
  return guesses.filter((guess, index) => guess === truth[index]).length / guesses.length;
}
