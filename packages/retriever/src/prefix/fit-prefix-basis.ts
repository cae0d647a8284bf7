import { retrieverError } from '../errors.ts';

/** Components of a prefix. */
export const PREFIX = 64;

/** The directions in which an embedder's vectors differ most. Belongs to the trusted side, beside the keys. */
export interface PrefixBasis {
  /** The mean vector. */
  readonly mean: Float32Array;
  /** 64 orthonormal directions, one after the other. */
  readonly axes: Float32Array;
}

const ROUNDS = 40;

/**
 * Finds the basis of prefixes from a sample of vectors: their 64 principal components, by orthogonal iteration. The same
 * sample gives the same basis; all retrievers of a collection must be given the same one.
 * @param sample vectors of one length; a few thousand of the kind to be searched are enough. Fewer than 64 of them, or of
 *   their components, leave directions empty, which loses nothing but candidates
 * @throws CloisterError `ERR_RETRIEVER_OPTIONS`
 */
export function fitPrefixBasis(sample: readonly Float32Array[]): PrefixBasis {
  const dimensions = sample[0]?.length ?? 0;
  const usable = dimensions > 0 && sample.every(({ length }) => length === dimensions);
  if (!usable) throw retrieverError('ERR_RETRIEVER_OPTIONS', { subject: 'sample' });
  const mean = meanOf(sample, dimensions);
  const covariance = covarianceOf(sample, mean);
  let axes = Float64Array.from({ length: PREFIX * dimensions }, (_, index) => Math.sin(index * index + 1));
  for (let round = 0; round < ROUNDS; round++) {
    orthonormalise(axes, dimensions);
    axes = multiply(covariance, axes, dimensions);
  }
  orthonormalise(axes, dimensions);
  return { mean: Float32Array.from(mean), axes: Float32Array.from(axes) };
}

function meanOf(sample: readonly Float32Array[], dimensions: number): Float64Array {
  const mean = new Float64Array(dimensions);
  for (const vector of sample) for (let i = 0; i < dimensions; i++) mean[i] = at(mean, i) + at(vector, i);
  return mean.map((sum) => sum / sample.length);
}

function covarianceOf(sample: readonly Float32Array[], mean: Float64Array): Float64Array {
  const { length } = mean;
  const covariance = new Float64Array(length * length);
  const centred = new Float64Array(length);
  for (const vector of sample) {
    for (let i = 0; i < length; i++) centred[i] = at(vector, i) - at(mean, i);
    for (let i = 0; i < length; i++) {
      const left = at(centred, i);
      const row = i * length;
      for (let j = 0; j < length; j++) covariance[row + j] = at(covariance, row + j) + left * at(centred, j);
    }
  }
  return covariance;
}

function multiply(matrix: Float64Array, axes: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const product = new Float64Array(axes.length);
  for (let axis = 0; axis < axes.length; axis += length) {
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let j = 0; j < length; j++) sum += at(matrix, i * length + j) * at(axes, axis + j);
      product[axis + i] = sum;
    }
  }
  return product;
}

/** Gram and Schmidt, in place: rows of `length` become orthonormal; a row that depends on the others becomes zero. */
export function orthonormalise(rows: Float64Array, length: number): void {
  for (let row = 0; row < rows.length; row += length) {
    for (let other = 0; other < row; other += length) {
      let dot = 0;
      for (let i = 0; i < length; i++) dot += at(rows, row + i) * at(rows, other + i);
      for (let i = 0; i < length; i++) rows[row + i] = at(rows, row + i) - dot * at(rows, other + i);
    }
    const norm = Math.hypot(...rows.subarray(row, row + length));
    for (let i = 0; i < length; i++) rows[row + i] = norm < 1e-12 ? 0 : at(rows, row + i) / norm;
  }
}

function at(values: Float64Array | Float32Array, index: number): number {
  return values[index] as number;
}
