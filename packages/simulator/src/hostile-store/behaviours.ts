/**
 * Every way in which a hostile store lies, and what its operator would have to do for it. `honest` is the control.
 * A store that cannot be told from an honest one by its answer alone (`drop`, `rollback`, `forget-writes`, `keep-deleted`)
 * needs a ledger on the trusted side to be caught. Who sees any of them knows that something is wrong, but for those in
 * `HARMLESS_BEHAVIOURS`, under which every answer is still true.
 */
export const HOSTILE_BEHAVIOURS = {
  honest: 'answers as the store behind it does',
  'ignore-filters': 'returns the points of every partition, whatever partition and tags were asked for',
  'edit-tags': 'ignores the tags asked for and writes them onto every point',
  'foreign-records': "adds other partitions' points under the partition that was asked for",
  'extra-hits': 'adds points of the same partition that were not asked for, and more than were asked for',
  replay: 'answers with what it answered to the request before, whoever that came from',
  'forge-labels': 'puts a head of its own making before every point, which says that everybody may see it',
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
  slow: 'answers late',
  reorder: 'returns the points in the opposite order',
  rollback: 'returns the first version of every point that it was ever given',
  'forget-writes': 'confirms writes without keeping them',
  'keep-deleted': 'confirms removals without removing anything',
  'contradictory-counts': 'says that it wrote one point fewer, and removed one more, than it did',
} as const;

/** One of `HOSTILE_BEHAVIOURS`. */
export type HostileBehaviour = keyof typeof HOSTILE_BEHAVIOURS;

/** Behaviours that leave every answer true: there is nothing to find out. */
export const HARMLESS_BEHAVIOURS: readonly HostileBehaviour[] = ['honest', 'reorder', 'slow'];
