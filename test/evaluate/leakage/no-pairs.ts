import { Matrix } from 'ml-matrix';
import { assign } from './assign.ts';
import { centre, linkage, nearestOf, squaredDistances, toUnit } from './vectors.ts';
import type { Rows } from './vectors.ts';

// Attacks of somebody who knows no pair, only texts.

const QUANTILES = 19;

/**
 * Takes each component of what the store shows for a component of the vectors, by how its values are spread: the
 * components of half of the texts, which are public, are matched to those of the records of the other half. A component may
 * have its sign changed.
 * @returns share of records linked to their text
 */
export function attackByPermutation(observed: Rows, texts: Rows, order: readonly number[]): number {
  const half = order.length >> 1;
  const [open, victims] = [order.slice(0, half), order.slice(half)];
  const at = (rows: Rows, places: readonly number[]): Rows => places.map((place) => rows[place] as Float32Array);
  const records = centre(at(observed, victims));
  // Not centred: where the values of a component lie says more about it than how they are spread.
  const spread = quantiles(scaled(new Matrix(at(observed, victims).map((row) => Array.from(row)))));
  const published = quantiles(scaled(new Matrix(at(texts, open).map((row) => Array.from(row)))));
  const width = Math.min(spread.length, published.length);
  const rows = spread.slice(0, width);
  const flipped = (values: readonly number[]): readonly number[] => values.map((value) => -value).toReversed();
  const gap = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, place) => sum + (value - Number(b[place])) ** 2, 0);
  const both = rows.map((values) =>
    published.map((other) => [gap(values, other), gap(flipped(values), other)] as const),
  );
  const columns = assign(new Matrix(both.map((row) => row.map(([same, turned]) => Math.min(same, turned)))));
  const candidates = centre(at(texts, victims), at(texts, open));
  const moved = new Matrix(victims.length, width);
  for (const [row, column] of columns.entries()) {
    const [same = 0, turned = 0] = both[row]?.[column] ?? [];
    moved.setColumn(
      row,
      candidates.getColumn(column).map((value) => (turned < same ? -value : value)),
    );
  }
  const shown = records.subMatrix(0, records.rows - 1, 0, width - 1);
  const guesses = nearestOf(squaredDistances(toUnit(shown), toUnit(moved)));
  return linkage(guesses, [...victims.keys()]);
}

function scaled(matrix: Matrix): Matrix {
  const size = Math.sqrt(matrix.norm() ** 2 / (matrix.rows * matrix.columns));
  return matrix.div(size === 0 ? 1 : size);
}

/** For each column, what its values are like. */
function quantiles(matrix: Matrix): readonly (readonly number[])[] {
  return Array.from({ length: matrix.columns }, (_, column) => sampled(matrix.getColumn(column), QUANTILES));
}

/** So many values of a list, evenly from the smallest to the largest. */
function sampled(values: readonly number[], count: number): readonly number[] {
  const sorted = Float64Array.from(values).sort();
  return Array.from({ length: count }, (_, place) =>
    Number(sorted[Math.round(((place + 0.5) / count) * (sorted.length - 1))]),
  );
}

const SIGNATURE = 100;

/**
 * Knows a record by how near all other records are to it, and a text by how near all other texts are: what has the same
 * neighbourhood is taken for the same. Nothing else is needed, neither pairs nor a common space.
 * @returns share of the left linked to the right in the same place
 */
export function attackBySignature(left: Rows, right: Rows): number {
  const guesses = nearestOf(squaredDistances(signatures(left), signatures(right)));
  return linkage(guesses, [...left.keys()]);
}

function signatures(rows: Rows): Matrix {
  const matrix = centre(rows);
  const distances = squaredDistances(matrix, matrix).sqrt();
  const mean = distances.mean();
  const deviation = Math.sqrt(distances.clone().sub(mean).pow(2).mean()) || 1;
  const standard = distances.sub(mean).div(deviation);
  return new Matrix(Array.from({ length: rows.length }, (_, row) => [...sampled(standard.getRow(row), SIGNATURE)]));
}

/** Takes the nearest of another tenant's records for the same text: the same texts stand in the same places. */
export function attackDirectly(left: Rows, right: Rows): number {
  const length = Math.min(left[0]?.length ?? 0, right[0]?.length ?? 0);
  const cut = (rows: Rows): Matrix => centre(rows.map((row) => Array.from(row).slice(0, length)));
  return linkage(nearestOf(squaredDistances(toUnit(cut(left)), toUnit(cut(right)))), [...left.keys()]);
}

/** Expected share of records that are told by their size alone: what fits one size is guessed among at random. */
export function attackBySize(sizes: readonly number[], lengths: readonly number[]): number {
  // Sizes rise with lengths, and nothing else does: the attacker takes both in order.
  const offset = Math.min(...sizes) - Math.min(...lengths);
  const sum = sizes.reduce((total, size, record) => {
    const gaps = lengths.map((length) => Math.abs(size - length - offset));
    const least = Math.min(...gaps);
    const fitting = gaps.filter((gap) => gap === least).length;
    return total + (gaps[record] === least ? 1 / fitting : 0);
  }, 0);
  return sum / sizes.length;
}
