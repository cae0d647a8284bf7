/** The area under an ROC curve with its 95 % interval. */
export interface Area {
  readonly auc: number;
  readonly low: number;
  readonly high: number;
}

/** 97.5 % of a normal distribution lie below. */
const Z = 1.959964;

/**
 * How well `positives` can be told from `negatives` by being larger; ties count half. The interval is that of DeLong, DeLong
 * and Clarke-Pearson (1988).
 */
export function measureArea(positives: readonly number[], negatives: readonly number[]): Area {
  const wins = (value: number, others: readonly number[]): number =>
    others.reduce((sum, other) => sum + (value > other ? 1 : value === other ? 0.5 : 0), 0) / others.length;
  const ofPositives = positives.map((value) => wins(value, negatives));
  const ofNegatives = negatives.map((value) => 1 - wins(value, positives));
  const auc = mean(ofPositives);
  const error = Math.sqrt(variance(ofPositives) / positives.length + variance(ofNegatives) / negatives.length);
  return { auc, low: Math.max(0, auc - Z * error), high: Math.min(1, auc + Z * error) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
