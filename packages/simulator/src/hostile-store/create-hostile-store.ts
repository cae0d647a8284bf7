import type { NearestQuery, StoredPoint, StoreQuery, VectorStore, WordQuery } from '@cloister/core';
import type { HostileBehaviour } from './behaviours.ts';
import { distortPoints } from './distort-points.ts';

/** A store that lies on request. */
export interface HostileStore extends VectorStore {
  /** Lies in another way from now on, so that a test can fill the store honestly first. */
  behave(behaviour: HostileBehaviour): void;
}

const BATCH = 256;
/** Milliseconds by which a slow store is late: long enough that everything else comes first. */
const DELAY = 2;

async function collect(store: VectorStore, query: StoreQuery): Promise<StoredPoint[]> {
  const points: StoredPoint[] = [];
  for await (const batch of store.scan(query)) points.push(...batch);
  return points;
}

/**
 * Wraps a store with the behaviour of a hostile operator, who sees and remembers every point and partition that passes.
 * Reads and writes go to `inner`; only the answers are false. It holds whole partitions in memory: for tests and demos.
 */
export function createHostileStore(inner: VectorStore, behaviour: HostileBehaviour = 'honest'): HostileStore {
  let current = behaviour;
  const partitions = new Set<string>();
  const firstVersions = new Map<string, StoredPoint>();
  let previous: readonly StoredPoint[] = [];
  const keyOf = (point: StoredPoint): string => `${point.partition} ${point.id}`;

  const remember = (point: StoredPoint): void => {
    partitions.add(point.partition);
    if (!firstVersions.has(keyOf(point))) firstVersions.set(keyOf(point), structuredClone(point));
  };
  const everything = async (): Promise<StoredPoint[]> => {
    const all: StoredPoint[] = [];
    for (const partition of partitions) all.push(...(await collect(inner, { partition })));
    return all;
  };
  const lie = async (
    points: readonly StoredPoint[],
    { partition, tags = [] }: StoreQuery,
  ): Promise<readonly StoredPoint[]> => {
    const firstVersion = (point: StoredPoint): StoredPoint => firstVersions.get(keyOf(point)) ?? point;
    if (current === 'slow') await new Promise((resolve) => setTimeout(resolve, DELAY));
    const context = { partition, tags, everything, firstVersion, previous };
    previous = points;
    return distortPoints(current, points, context);
  };
  const miscount = (count: number, by: number): number => (current === 'contradictory-counts' ? count + by : count);

  return {
    behave(next) {
      current = next;
    },
    async put(points) {
      points.forEach(remember);
      return current === 'forget-writes' ? points.length : miscount(await inner.put(points), -1);
    },
    async get(partition, ids) {
      partitions.add(partition);
      return lie(await inner.get(partition, ids), { partition });
    },
    async *scan(query) {
      partitions.add(query.partition);
      const points = await lie(await collect(inner, query), query);
      for (let start = 0; start < points.length; start += BATCH) yield points.slice(start, start + BATCH);
    },
    async deleteDocument(partition, document, keep = []) {
      if (current !== 'keep-deleted') return miscount(await inner.deleteDocument(partition, document, keep), 1);
      const points = await collect(inner, { partition });
      return points.filter((point) => point.document === document && !keep.includes(point.id)).length;
    },
    ...(inner.nearest && {
      async nearest(query: NearestQuery) {
        partitions.add(query.partition);
        return lie((await inner.nearest?.(query)) ?? [], query);
      },
    }),
    ...(inner.sharing && {
      async sharing(query: WordQuery) {
        partitions.add(query.partition);
        return lie((await inner.sharing?.(query)) ?? [], query);
      },
    }),
    close: () => inner.close(),
  };
}
