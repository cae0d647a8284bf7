import type { NearestQuery, StoredPoint, VectorStore } from '@cloister/core';

/** An honest store in memory whose operator keeps what is stored and every request. */
export interface WatchedStore extends VectorStore {
  readonly points: ReadonlyMap<string, StoredPoint>;
  /** One text for each request since the last call. */
  takeRequests(): readonly string[];
}

/** An empty one, able to do what every mode needs. */
export function createWatchedStore(): WatchedStore {
  const held = new Map<string, StoredPoint>();
  let requests: string[] = [];
  const find = (partition: string, tags?: readonly string[], cells?: readonly string[]): StoredPoint[] =>
    [...held.values()].filter(
      (point) =>
        point.partition === partition &&
        (tags?.some((tag) => point.tags.includes(tag)) ?? true) &&
        (cells?.includes(point.cell ?? '') ?? true),
    );
  return {
    points: held,
    takeRequests() {
      const taken = requests;
      requests = [];
      return taken;
    },
    async put(points) {
      for (const point of points) held.set(point.id, point);
      return points.length;
    },
    async get(partition, ids) {
      requests.push(JSON.stringify(['get', ids]));
      return ids.flatMap((id) => held.get(id) ?? []).filter((point) => point.partition === partition);
    },
    async *scan({ partition, tags, cells }) {
      requests.push(JSON.stringify(['scan', tags, cells]));
      yield find(partition, tags, cells);
    },
    async deleteDocument(partition, document, keep = []) {
      const gone = find(partition).filter((point) => point.document === document && !keep.includes(point.id));
      return gone.filter(({ id }) => held.delete(id)).length;
    },
    async nearest({ partition, tags, prefix, limit }: NearestQuery) {
      requests.push(JSON.stringify(['nearest', [...prefix]]));
      const far = ({ prefix: own = prefix }: StoredPoint): number =>
        own.reduce((sum, value, at) => sum + (value - Number(prefix[at])) ** 2, 0);
      return find(partition, tags)
        .toSorted((left, right) => far(left) - far(right))
        .slice(0, limit);
    },
    close: async () => {},
  };
}
