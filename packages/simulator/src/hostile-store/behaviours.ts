/**
 * Every way in which a hostile store lies, and what its operator would have to do for it. `honest` is the control.
 * A store that cannot be told from an honest one by its answer alone (`drop`, `rollback`, `forget-writes`, `keep-deleted`)
 * needs a ledger on the trusted side to be caught.
 */
export const HOSTILE_BEHAVIOURS = {
  honest: 'answers as the store behind it does',
  'ignore-filters': 'returns the points of every partition, whatever partition and tags were asked for',
  'edit-tags': 'ignores the tags asked for and writes them onto every point',
  'foreign-records': "adds other partitions' points under the partition that was asked for",
  'swap-ids': 'hands the id of one point to the next',
  'swap-heads': 'hands the sealed head of one point to the next',
  'swap-payloads': 'hands the sealed text of one point to the next',
  'swap-vectors': 'hands the sealed vector of one point to the next',
  'flip-bit':
    'flips one bit of a point: of the head of the first, the text of the second, the vector of the third, and so on',
  truncate: 'cuts the last byte off every sealed field',
  empty: 'returns every sealed field empty',
  drop: 'leaves out every second point, beginning with the first',
  duplicate: 'returns every point twice',
  reorder: 'returns the points in the opposite order',
  rollback: 'returns the first version of every point that it was ever given',
  'forget-writes': 'confirms writes without keeping them',
  'keep-deleted': 'confirms removals without removing anything',
} as const;

/** One of `HOSTILE_BEHAVIOURS`. */
export type HostileBehaviour = keyof typeof HOSTILE_BEHAVIOURS;
