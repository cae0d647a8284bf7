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
  const [a, b] = [flatten(left), flatten(right)];
  const width = left.columns;
  const distances = new Matrix(left.rows, right.rows);
  for (let row = 0; row < left.rows; row++) {
    for (let column = 0; column < right.rows; column++) {
      let sum = 0;
      for (let at = 0, i = row * width, j = column * width; at < width; at++, i++, j++) {
        const gap = (a[i] as number) - (b[j] as number);
        sum += gap * gap;
      }
      distances.set(row, column, sum);
    }
  }
  return distances;
}

function flatten(matrix: Matrix): Float64Array {
  const flat = new Float64Array(matrix.rows * matrix.columns);
  for (let row = 0; row < matrix.rows; row++) flat.set(matrix.getRow(row), row * matrix.columns);
  return flat;
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
  return Array.from({ length: distances.rows }, (_, row) => smallest(distances.getRow(row), 1)[0] ?? -1);
}

/** Places of the smallest values, smallest first. */
export function smallest(values: readonly number[], count: number): number[] {
  const places: number[] = [];
  for (const [place, value] of values.entries()) {
    if (places.length === count && value >= Number(values[places.at(-1) as number])) continue;
    let at = places.length;
    while (at > 0 && Number(values[places[at - 1] as number]) > value) at--;
    places.splice(at, 0, place);
    places.length = Math.min(places.length, count);
  }
  return places;
}

/** Which share of records were given their own text. @param truth the right place of each */
export function linkage(guesses: readonly number[], truth: readonly number[]): number {
  return guesses.filter((guess, index) => guess === truth[index]).length / guesses.length;
}
