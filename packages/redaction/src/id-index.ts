import { hammingDistance, ID_LENGTH } from './token.ts';

/** Ids in use, searchable by nearness. */
export interface IdIndex {
  /** Whether an id within Hamming distance 2 of `id` is present (DESIGN 6.5). */
  hasNear(id: string): boolean;
  /** Adds an id. */
  add(id: string): void;
}

// Two ids that differ in at most two of seven places agree in at least two of four blocks, and so in one of six pairs of blocks.
const BLOCKS: readonly (readonly number[])[] = [[0, 1], [2, 3], [4, 5], [6]];
const PAIRS: readonly (readonly number[])[] = BLOCKS.flatMap((left, at) =>
  BLOCKS.slice(at + 1).map((right) => [...left, ...right]),
);
const SMALLEST = 64;

/** Ids that are compared one by one before tables pay. */
const FEW = 24;

/** An exact index of ids, whose look-ups stay cheap up to the largest vault. */
export function createIdIndex(): IdIndex {
  const few: string[] = [];
  let tables: IdIndex | undefined;
  return {
    hasNear: (id) => tables?.hasNear(id) ?? few.some((other) => hammingDistance(id, other) <= 2),
    add(id) {
      if (tables === undefined && few.length < FEW) few.push(id);
      else (tables ??= createTables(few)).add(id);
    },
  };
}

/** Six chained tables, one for each pair of blocks: a look-up compares the few ids that share a chain with it. */
function createTables(ids: readonly string[]): IdIndex {
  let places = new Uint8Array(0);
  let next = new Int32Array(0);
  let heads = new Int32Array(0);
  let count = 0;
  const wanted = new Uint8Array(ID_LENGTH);
  const bucketOf = (from: Uint8Array, at: number, pair: number): number => {
    let hash = 0;
    for (const place of PAIRS[pair] as readonly number[])
      hash = Math.imul(hash ^ (from[at + place] as number), 0x9e3779b1);
    const size = heads.length / PAIRS.length;
    return pair * size + ((hash >>> 7) & (size - 1));
  };
  const link = (entry: number): void => {
    for (let pair = 0; pair < PAIRS.length; pair++) {
      const bucket = bucketOf(places, entry * ID_LENGTH, pair);
      next[entry * PAIRS.length + pair] = heads[bucket] as number;
      heads[bucket] = entry + 1;
    }
  };
  const grow = (): void => {
    const capacity = Math.max(SMALLEST, 2 * count);
    const kept = places;
    places = new Uint8Array(capacity * ID_LENGTH);
    places.set(kept);
    next = new Int32Array(capacity * PAIRS.length);
    heads = new Int32Array(capacity * PAIRS.length);
    for (let entry = 0; entry < count; entry++) link(entry);
  };
  const isNear = (entry: number): boolean => {
    let different = 0;
    for (let place = 0; place < ID_LENGTH; place++)
      if (places[entry * ID_LENGTH + place] !== wanted[place]) different++;
    return different <= 2;
  };
  const index: IdIndex = {
    hasNear(id) {
      write(id, wanted, 0);
      for (let pair = 0; pair < PAIRS.length; pair++) {
        let entry = heads[bucketOf(wanted, 0, pair)] as number;
        for (; entry > 0; entry = next[(entry - 1) * PAIRS.length + pair] as number) if (isNear(entry - 1)) return true;
      }
      return false;
    },
    add(id) {
      if (count * ID_LENGTH === places.length) grow();
      write(id, places, count * ID_LENGTH);
      link(count++);
    },
  };
  for (const id of ids) index.add(id);
  return index;
}

function write(id: string, places: Uint8Array, at: number): void {
  for (let place = 0; place < ID_LENGTH; place++) places[at + place] = id.charCodeAt(place);
}
