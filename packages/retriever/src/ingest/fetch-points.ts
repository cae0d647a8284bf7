import type { StoredPoint, VectorStore } from '@cloister/core';
import { isStoredPoint } from '../record/open-record.ts';

/** At most this many points are asked of the store at once. */
const BATCH = 256;

/** What the store has under these ids, by id. Only the shape is checked. */
export async function fetchPoints(
  store: VectorStore,
  partition: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredPoint>> {
  const points = new Map<string, StoredPoint>();
  for (let start = 0; start < ids.length; start += BATCH) {
    for (const point of await store.get(partition, ids.slice(start, start + BATCH))) {
      if (isStoredPoint(point)) points.set(point.id, point);
    }
  }
  return points;
}
