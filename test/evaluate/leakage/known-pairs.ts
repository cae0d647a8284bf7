import { EigenvalueDecomposition, Matrix, SingularValueDecomposition, solve } from 'ml-matrix';
import { centre, linkage, nearestOf, squaredDistances, toUnit } from './vectors.ts';
import type { Rows } from './vectors.ts';

// Attacks of somebody who knows for some records which text is behind them, and has the vectors of all texts that may be
// behind the others.

/** Centred rows with the directions in which they differ, largest first. */
export interface Space {
  readonly rows: Matrix;
  readonly axes: Matrix;
  readonly variances: readonly number[];
}

/** Centres rows and finds their principal components. */
export function createSpace(given: Rows): Space {
  const rows = centre(given);
  const covariance = rows.transpose().mmul(rows).div(rows.rows);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const order = [...realEigenvalues.keys()].toSorted((a, b) => Number(realEigenvalues[b]) - Number(realEigenvalues[a]));
  const axes = eigenvectorMatrix.subMatrixColumn(order);
  return { rows, axes, variances: order.map((place) => Math.max(0, Number(realEigenvalues[place]))) };
}

/** How many pairs, and which. */
export interface KnownPairs {
  /** What the store shows of each record. */
  readonly observed: Space;
  /** The vectors of the texts; the one of a record stands in the same place. */
  readonly texts: Space;
  /** Places of the known pairs. */
  readonly known: readonly number[];
  /** Places of the records that are to be linked. */
  readonly hidden: readonly number[];
}

/** What came of it. */
export interface KnownPairResult {
  /** Share of hidden records linked to their text, of all texts, by the best of four ways. */
  readonly linkage: number;
  /** Mean cosine of a hidden text's vector and what was made of its record, in centred space. */
  readonly cosine: number;
}

/**
 * Runs orthogonal Procrustes (Schönemann 1966) in centred and in whitened space, and ridge regression in both directions,
 * each with the strength that finds most of a fifth of the known pairs. The attacker takes the best.
 */
export function attackWithPairs({ observed, texts, known, hidden }: KnownPairs): KnownPairResult {
  const records = observed.rows;
  const all = texts.rows;
  const pick = (matrix: Matrix, places: readonly number[]): Matrix => matrix.subMatrixRow([...places]);
  const held = Math.max(1, Math.floor(known.length / 5));
  const [train, check] = [known.slice(held), known.slice(0, held)];
  const score = (map: Mapping, places: readonly number[]): number =>
    linkage(nearestOf(squaredDistances(map.records(pick(records, places)), map.texts(all))), places);
  const ways = [
    (places: readonly number[]) => procrustes(observed, texts, places, false),
    (places: readonly number[]) => procrustes(observed, texts, places, true),
    ...STRENGTHS.map((strength) => (places: readonly number[]) => ridgeToRecords(records, all, places, strength)),
    ...STRENGTHS.map((strength) => (places: readonly number[]) => ridgeToTexts(records, all, places, strength)),
  ];
  const ranked = ways
    .map((way) => ({ way, found: score(way(train), check) }))
    .toSorted((left, right) => right.found - left.found);
  const best = ranked.slice(0, 2).map(({ way }) => score(way(known), hidden));
  const back = ridge(pick(records, known), pick(all, known), STRENGTH);
  return { linkage: Math.max(...best), cosine: meanCosine(back(pick(records, hidden)), pick(all, hidden)) };
}

/** Relative to the mean variance of a component. */
const STRENGTHS = [0.01, 0.1, 1];
const STRENGTH = 0.1;

/** Brings records and texts into one space, where what belongs together is near. */
interface Mapping {
  records(records: Matrix): Matrix;
  texts(texts: Matrix): Matrix;
}

/** More directions than these hold little, and cost much. */
const DIRECTIONS = 128;

/** The rotation that lays known records onto their texts, along the directions in which each side differs most. */
function procrustes(records: Space, texts: Space, known: readonly number[], whiten: boolean): Mapping {
  const count = Math.min(records.rows.columns, texts.rows.columns, known.length, DIRECTIONS);
  const [left, right] = [project(records, count, whiten), project(texts, count, whiten)];
  const pick = (matrix: Matrix): Matrix => matrix.subMatrixRow([...known]);
  const cross = pick(left(records.rows))
    .transpose()
    .mmul(pick(right(texts.rows)));
  const svd = new SingularValueDecomposition(cross, { autoTranspose: true });
  const rotation = svd.leftSingularVectors.mmul(svd.rightSingularVectors.transpose());
  return { records: (given) => toUnit(left(given).mmul(rotation)), texts: (given) => toUnit(right(given)) };
}

function project({ axes, variances }: Space, count: number, whiten: boolean): (given: Matrix) => Matrix {
  const kept = axes.subMatrix(0, axes.rows - 1, 0, count - 1);
  if (whiten) {
    for (const [axis, variance] of variances.slice(0, count).entries()) {
      kept.mulColumn(axis, variance > 1e-12 ? 1 / Math.sqrt(variance) : 0);
    }
  }
  return (given) => given.mmul(kept);
}

/** Predicts records from texts. */
function ridgeToRecords(records: Matrix, texts: Matrix, known: readonly number[], strength: number): Mapping {
  const map = ridge(texts.subMatrixRow([...known]), records.subMatrixRow([...known]), strength);
  return { records: (given) => given, texts: map };
}

/** Predicts texts from records. */
function ridgeToTexts(records: Matrix, texts: Matrix, known: readonly number[], strength: number): Mapping {
  const map = ridge(records.subMatrixRow([...known]), texts.subMatrixRow([...known]), strength);
  return { records: (given) => toUnit(map(given)), texts: toUnit };
}

/** Ridge regression in its dual form: a system of as many equations as there are pairs. */
function ridge(from: Matrix, to: Matrix, strength: number): (given: Matrix) => Matrix {
  const kernel = from.mmul(from.transpose());
  const lambda = strength * (kernel.trace() / from.rows) + 1e-12;
  const weights = solve(Matrix.add(kernel, Matrix.eye(from.rows).mul(lambda)), to);
  return (given) => given.mmul(from.transpose()).mmul(weights);
}

function meanCosine(left: Matrix, right: Matrix): number {
  const [a, b] = [toUnit(left), toUnit(right)];
  return Matrix.mul(a, b).sum() / a.rows;
}
