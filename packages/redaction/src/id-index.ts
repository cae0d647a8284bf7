import { hammingDistance } from './token.ts';

/** Ids in use, searchable by nearness. */
export interface IdIndex {
  /** Whether an id within Hamming distance 2 of `id` is present (DESIGN 6.5). */
  hasNear(id: string): boolean;
  /** Adds an id. */
  add(id: string): void;
}

const BLOCKS: readonly (readonly [number, number])[] = [
  [0, 2],
  [2, 4],
  [4, 7],
];

/**
 * An index of ids. Two ids that differ in at most two of seven places agree in at least one of three blocks, so a look-up
 * reads three buckets instead of every id.
 */
export function createIdIndex(): IdIndex {
  const buckets = new Map<string, string[]>();
  const keys = (id: string): string[] => BLOCKS.map(([start, end]) => `${start}${id.slice(start, end)}`);
  return {
    hasNear: (id) =>
      keys(id).some((key) => buckets.get(key)?.some((other) => hammingDistance(id, other) <= 2) ?? false),
    add(id) {
      for (const key of keys(id)) {
        const bucket = buckets.get(key);
        if (bucket === undefined) buckets.set(key, [id]);
        else bucket.push(id);
      }
    },
  };
}
