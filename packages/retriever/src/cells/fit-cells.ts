import { retrieverError } from '../errors.ts';
import { createCellSpace } from './cell-space.ts';
import type { CellBasis, NearCell } from './cell-space.ts';

const ROUNDS = 15;
const MOST_CELLS = 65_536;

/**
 * Finds the centres of cells from a sample of vectors (k-means, Lloyd's algorithm). The same sample gives the same
 * basis; all retrievers of a collection must be given the same one.
 * @param sample vectors of one length, of the kind to be searched; some forty for each cell are enough
 * @param options.cells how many; 64 unless said. More of them mean fewer records opened for a question
 * @throws CloisterError `ERR_RETRIEVER_OPTIONS`
 */
export function fitCells(sample: readonly Float32Array[], options: { readonly cells?: number } = {}): CellBasis {
  const { cells = 64 } = options;
  const dimensions = sample[0]?.length ?? 0;
  const countable = Number.isInteger(cells) && cells >= 1 && cells <= Math.min(MOST_CELLS, sample.length);
  if (!countable || dimensions === 0 || sample.some(({ length }) => length !== dimensions)) {
    throw retrieverError('ERR_RETRIEVER_OPTIONS', { subject: 'sample' });
  }
  const centres = new Float32Array(cells * dimensions);
  for (let cell = 0; cell < cells; cell++) {
    centres.set(sample[Math.floor((cell * sample.length) / cells)] as Float32Array, cell * dimensions);
  }
  for (let round = 0; round < ROUNDS; round++) centres.set(moveCentres({ dimensions, centres }, sample));
  return { dimensions, centres };
}

/** Every centre in the middle of what is nearest to it; one without anything goes to where the fit is worst. */
function moveCentres(basis: CellBasis, sample: readonly Float32Array[]): Float32Array {
  const { dimensions, centres } = basis;
  const space = createCellSpace(basis);
  const nearest = sample.map((vector) => space.nearest(vector, 1)[0] as NearCell);
  const sums = new Float64Array(centres.length);
  const counts = new Uint32Array(space.cells);
  for (const [index, { cell }] of nearest.entries()) {
    counts[cell] = (counts[cell] as number) + 1;
    for (const [component, value] of (sample[index] as Float32Array).entries()) {
      const place = cell * dimensions + component;
      sums[place] = (sums[place] as number) + value;
    }
  }
  const byFit = [...nearest.keys()].toSorted((left, right) => fitOf(nearest, right) - fitOf(nearest, left));
  const moved = Float32Array.from(sums, (sum, place) => sum / (counts[Math.floor(place / dimensions)] as number));
  for (const [cell, count] of counts.entries()) {
    if (count === 0) moved.set(sample[byFit.shift() as number] as Float32Array, cell * dimensions);
  }
  return moved;
}

function fitOf(nearest: readonly NearCell[], index: number): number {
  return (nearest[index] as NearCell).distance;
}
