/** The four classes, least to most sensitive (DESIGN 6.8). */
export const CLASSIFICATIONS = ['public', 'internal', 'confidential', 'restricted'] as const;

/** How sensitive a piece of data is. The classes form a chain, so the join of two is the higher one. */
export type Classification = (typeof CLASSIFICATIONS)[number];

/** Whether `value` names a class. */
export function isClassification(value: unknown): value is Classification {
  return (CLASSIFICATIONS as readonly unknown[]).includes(value);
}

/** Whether a holder cleared for `clearance` may see data labelled `label`. */
export function covers(clearance: Classification, label: Classification): boolean {
  return CLASSIFICATIONS.indexOf(clearance) >= CLASSIFICATIONS.indexOf(label);
}

/** The highest of the labels; `public` when there is none. A prompt's label is the maximum of its parts. */
export function highest(labels: Iterable<Classification>): Classification {
  let rank = 0;
  for (const label of labels) rank = Math.max(rank, CLASSIFICATIONS.indexOf(label));
  return CLASSIFICATIONS[rank] as Classification;
}
