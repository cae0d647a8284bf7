import type { StoredPoint } from '@cloister/core';
import type { Seeded } from './seeded.ts';

/**
 * What somebody who reads the store can make numbers of: components that are there in clear or in part, the bucket that
 * a record lies in, and where there is neither, the sealed bytes.
 */
export function readPoints(points: readonly StoredPoint[], dimensions: number, seeded: Seeded): Float64Array[] {
  if (points.every(({ prefix }) => prefix !== undefined))
    return points.map(({ prefix }) => Float64Array.from(prefix ?? []));
  const start = findFloats(points, dimensions);
  if (start !== undefined) return points.map(({ vector }) => readFloats(vector, start, dimensions));
  const buckets = [...new Set(points.map(({ cell }) => cell))];
  if (buckets.length > 1) {
    // What lies in one bucket is equally near: chance decides between them.
    return points.map(({ cell }) => Float64Array.from(buckets, (tag) => Number(tag === cell) + 1e-3 * seeded.normal()));
  }
  return points.map(({ vector }) => Float64Array.from(vector.slice(-dimensions), (byte) => byte / 128 - 1));
}

/** Where 32-bit floats of unit length stand in every record, if they do. */
function findFloats(points: readonly StoredPoint[], dimensions: number): number | undefined {
  const longest = Math.min(...points.map(({ vector }) => vector.length)) - 4 * dimensions;
  return Array.from({ length: Math.max(0, longest + 1) }, (_, start) => start).find((start) =>
    points.every(({ vector }) => Math.abs(Math.hypot(...readFloats(vector, start, dimensions)) - 1) < 1e-5),
  );
}

function readFloats(bytes: Uint8Array, start: number, dimensions: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: dimensions }, (_, at) => view.getFloat32(start + 4 * at, true));
}
