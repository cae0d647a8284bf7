import type { StoredPoint, VectorStore } from '@cloister/core';

/** A store in memory whose operator can look at everything and put anything back. */
export interface MemoryStore extends VectorStore {
  /** Everything that it holds. */
  snapshot(): readonly StoredPoint[];
  /** Holds exactly these points from now on. */
  restore(points: readonly StoredPoint[]): void;
}

/** An honest store, until somebody restores something. Batches of four. */
export function memoryStore(points: readonly StoredPoint[] = []): MemoryStore {
  const held = new Map<string, StoredPoint>();
  const place = ({ partition, id }: Pick<StoredPoint, 'partition' | 'id'>): string => `${partition}/${id}`;
  const restore = (given: readonly StoredPoint[]): void => {
    held.clear();
    for (const point of given) held.set(place(point), point);
  };
  restore(points);
  return {
    snapshot: () => [...held.values()],
    restore,
    async put(given) {
      for (const point of given) held.set(place(point), structuredClone(point));
      return given.length;
    },
    get: async (partition, ids) => ids.flatMap((id) => held.get(place({ partition, id })) ?? []),
    async *scan({ partition, tags, cells }) {
      const found = [...held.values()].filter(
        (point) =>
          point.partition === partition &&
          (tags?.some((tag) => point.tags.includes(tag)) ?? true) &&
          (cells?.includes(point.cell ?? '') ?? true),
      );
      for (let start = 0; start < found.length; start += 4) yield found.slice(start, start + 4);
    },
    async deleteDocument(partition, document, keep = []) {
      const gone = [...held.values()].filter(
        (point) => point.partition === partition && point.document === document && !keep.includes(point.id),
      );
      for (const point of gone) held.delete(place(point));
      return gone.length;
    },
    close: async () => {},
  };
}
