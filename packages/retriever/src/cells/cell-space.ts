import { sha256 } from '@cloister/core';
import { dot } from '../arena/dot.ts';

/** The centres of an embedder's vectors that a collection is divided by. Belongs to the trusted side, beside the keys. */
export interface CellBasis {
  /** Components of a vector. */
  readonly dimensions: number;
  /** One centre after the other. */
  readonly centres: Float32Array;
}

/** A cell, and how far its centre is: the square of the distance less that of the vector's own length. */
export interface NearCell {
  readonly cell: number;
  readonly distance: number;
}

/** A basis with what is computed from it once. */
export interface CellSpace {
  readonly cells: number;
  /** SHA-256 of the centres: names belong to them. */
  readonly digest: Uint8Array;
  /** The cells whose centres are nearest to a vector, nearest first. */
  nearest(vector: Float32Array, count: number): readonly NearCell[];
}

/** Prepares a basis. */
export function createCellSpace({ dimensions, centres }: CellBasis): CellSpace {
  const cells = centres.length / dimensions;
  const squares = Float64Array.from({ length: cells }, (_, cell) => {
    const centre = centres.subarray(cell * dimensions, (cell + 1) * dimensions);
    return dot(centre, 0, centre);
  });
  return {
    cells,
    digest: sha256(new Uint8Array(centres.buffer, centres.byteOffset, centres.byteLength)),
    nearest(vector, count) {
      const near = Array.from({ length: cells }, (_, cell) => ({
        cell,
        distance: (squares[cell] as number) - 2 * dot(centres, cell * dimensions, vector),
      }));
      return near.toSorted((left, right) => left.distance - right.distance).slice(0, count);
    },
  };
}

/** Whether a value is a basis for vectors of this length. */
export function isCellBasis(basis: CellBasis | undefined, dimensions: number): basis is CellBasis {
  const { centres } = basis ?? {};
  return (
    centres instanceof Float32Array &&
    centres.length >= dimensions &&
    centres.length % dimensions === 0 &&
    basis?.dimensions === dimensions
  );
}
