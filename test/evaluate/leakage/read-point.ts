import type { StoredPoint } from '@cloister/core';
import type { Seeded } from './seeded.ts';

/**
 * What somebody who reads the store can make numbers of: components that are there in clear or in part, the bucket that
 * a record lies in, and where there is neither, the sealed bytes.
 */
export function readPoints(points: readonly StoredPoint[], dimensions: number, seeded: Seeded): Float64Array[] {
  if (points.every(({ prefix }) => prefix !== undefined))
    return points.map(({ prefix }) => Float64Array.from(prefix ?? []));
  const clear = points.map(({ vector }) => readFloats(vector, dimensions));
  if (clear.every((values) => values !== undefined)) return clear as Float64Array[];
  const buckets = [...new Set(points.map(({ cell }) => cell))];
  if (buckets.length > 1) {
    // What lies in one bucket is equally near: chance decides between them.
    return points.map(({ cell }) => Float64Array.from(buckets, (tag) => Number(tag === cell) + 1e-3 * seeded.normal()));
  }
  return points.map(({ vector }) => Float64Array.from(vector.slice(-dimensions), (byte) => byte / 128 - 1));
}

/** A unit vector of 32-bit floats anywhere within the bytes. */
function readFloats(bytes: Uint8Array, dimensions: number): Float64Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start + 4 * dimensions <= bytes.length; start++) {
    if (Math.abs(view.getFloat32(start, true)) > 1) continue;
    const values = Float64Array.from({ length: dimensions }, (_, at) => view.getFloat32(start + 4 * at, true));
    const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    if (Math.abs(length - 1) < 1e-3) return values;
  }
  return undefined;
}
