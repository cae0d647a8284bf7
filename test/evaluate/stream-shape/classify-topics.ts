import type { Observation } from './observe-stream.ts';

/** An observation whose topic is known. */
export interface Labelled {
  readonly topic: number;
  readonly observation: Observation;
}

/**
 * How well an observer tells topics apart: a naive Bayes classifier over sizes and gaps learns from every second
 * observation and is asked about the others.
 * @returns mean area under the ROC curve, each topic against the rest: 0.5 is chance, 1 is certainty
 */
export function measureTopicAuc(observations: readonly Labelled[]): number {
  const rows = observations.map(({ topic, observation }) => ({ topic, features: featuresOf(observation) }));
  const training = rows.filter((_, index) => index % 2 === 0);
  const asked = rows.filter((_, index) => index % 2 === 1);
  const topics = [...new Set(rows.map(({ topic }) => topic))];
  const areas = topics.map((topic) => {
    const own = describe(training.filter((row) => row.topic === topic).map(({ features }) => features));
    const rest = describe(training.filter((row) => row.topic !== topic).map(({ features }) => features));
    const scored = asked.map((row) => ({
      isTopic: row.topic === topic,
      score: logLikelihood(row.features, own) - logLikelihood(row.features, rest),
    }));
    return areaUnderCurve(scored);
  });
  return areas.reduce((sum, area) => sum + area, 0) / areas.length;
}

/** Shares of deliveries by size and by gap, and their number, sum and middle. */
function featuresOf({ sizes, gaps }: Observation): readonly number[] {
  const bodies = sizes.slice(1, -1); // head and receipt say nothing about the answer
  const total = bodies.reduce((sum, size) => sum + size, 0);
  const share = (values: readonly number[], from: number, to: number): number =>
    values.filter((value) => value >= from && value < to).length / Math.max(1, values.length);
  const sizeBins = Array.from({ length: 24 }, (_, bin) => share(bodies, 100 + bin * 8, 108 + bin * 8));
  const wideBins = Array.from({ length: 8 }, (_, bin) => share(bodies, 2 ** (bin + 6), 2 ** (bin + 7)));
  const gapBins = Array.from({ length: 16 }, (_, bin) => share(gaps, bin * 8, bin * 8 + 8));
  const middle = [...bodies].sort((left, right) => left - right)[Math.floor(bodies.length / 2)] ?? 0;
  return [...sizeBins, ...wideBins, ...gapBins, bodies.length / 50, total / 20_000, middle / 500];
}

interface Distribution {
  readonly means: readonly number[];
  readonly variances: readonly number[];
}

/** Variances have a floor, so that a feature that never changed decides nothing by itself. */
const FLOOR = 1e-4;

function describe(rows: readonly (readonly number[])[]): Distribution {
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? 0));
  const means = columns.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  const variances = columns.map(
    (values, column) =>
      FLOOR + values.reduce((sum, value) => sum + (value - (means[column] ?? 0)) ** 2, 0) / values.length,
  );
  return { means, variances };
}

function logLikelihood(features: readonly number[], { means, variances }: Distribution): number {
  return features.reduce((sum, value, column) => {
    const variance = variances[column] ?? FLOOR;
    return sum - 0.5 * (Math.log(variance) + (value - (means[column] ?? 0)) ** 2 / variance);
  }, 0);
}

/** Mann-Whitney: how often a stream of the topic scores above another one; ties count half. */
function areaUnderCurve(scored: readonly { readonly isTopic: boolean; readonly score: number }[]): number {
  const own = scored.filter(({ isTopic }) => isTopic);
  const rest = scored.filter(({ isTopic }) => !isTopic);
  let above = 0;
  for (const { score } of own) {
    for (const other of rest) above += score > other.score ? 1 : score === other.score ? 0.5 : 0;
  }
  return above / (own.length * rest.length);
}
