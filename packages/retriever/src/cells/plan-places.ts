/** Records of every bucket, no more and no fewer: so the sizes of buckets say nothing about what is in them. */
export const BUCKET = 16;

/** Who is in one cell before a write. */
export interface CellMembers {
  /** Ids by bucket; full ones, but for what the write takes away. */
  readonly buckets: ReadonlyMap<string, readonly string[]>;
  /** Ids that wait until there are enough for a bucket. */
  readonly waiting: readonly string[];
}

/**
 * Decides where the records of one cell lie after a write: every bucket full, and fewer than a bucket's worth waiting.
 * A bucket that lost records is filled up from those who are new or wait, or else given up.
 * @param added ids that come into the cell
 * @param newBucket names a bucket
 * @returns the bucket by id, `undefined` for waiting, of every added id and of each other one that has to move
 */
export function planPlaces(
  { buckets, waiting }: CellMembers,
  added: readonly string[],
  newBucket: () => string,
): ReadonlyMap<string, string | undefined> {
  const places = new Map<string, string | undefined>(added.map((id) => [id, undefined]));
  // New ones first: they are written in any case, and each of the others that moves is one more write.
  const free = [...added, ...waiting];
  const place = (count: number, bucket: string): void => {
    for (const id of free.splice(0, count)) places.set(id, bucket);
  };
  for (const [bucket, ids] of buckets) {
    const missing = BUCKET - ids.length;
    if (missing <= free.length) {
      place(missing, bucket);
      continue;
    }
    for (const id of ids) places.set(id, undefined);
    free.push(...ids);
  }
  while (free.length >= BUCKET) place(BUCKET, newBucket());
  return places;
}
