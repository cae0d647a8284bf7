import type { StoredPoint } from '@cloister/core';
import type { HostileBehaviour } from './behaviours.ts';

/** What a lie is made from besides the honest answer. */
export interface Distortion {
  /** The partition that was asked for. */
  readonly partition: string;
  /** The tags that were asked for. */
  readonly tags: readonly string[];
  /** Every point of every partition that the store knows. */
  readonly everything: readonly StoredPoint[];
  /** The first version of a point that the store was given. */
  readonly firstVersion: (point: StoredPoint) => StoredPoint;
}

const FIELDS = ['head', 'payload', 'vector'] as const;

/** Every point with one member of the one before it; a single point takes it from a stranger if there is one. */
function rotate(
  points: readonly StoredPoint[],
  member: keyof StoredPoint,
  everything: readonly StoredPoint[],
): StoredPoint[] {
  const only = points.length === 1 ? everything.find(({ id }) => id !== points[0]?.id) : undefined;
  return points.map((point, index) => ({ ...point, [member]: (only ?? points.at(index - 1) ?? point)[member] }));
}

/** @param bytes not changed; @param place where the bit is, counted in bytes from the start, modulo the length */
function flipBit(bytes: Uint8Array, place: number): Uint8Array {
  const copy = bytes.slice();
  const at = bytes.length === 0 ? 0 : place % bytes.length;
  if (bytes.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << (place % 8));
  return copy;
}

function mapFields(point: StoredPoint, change: (bytes: Uint8Array) => Uint8Array): StoredPoint {
  return { ...point, head: change(point.head), payload: change(point.payload), vector: change(point.vector) };
}

type Lie = (points: readonly StoredPoint[], context: Distortion) => readonly StoredPoint[];

const honest: Lie = (points) => points;

const LIES: Readonly<Record<HostileBehaviour, Lie>> = {
  honest,
  'forget-writes': honest,
  'keep-deleted': honest,
  'ignore-filters': (_, { everything }) => everything,
  'edit-tags': (_, { everything, partition, tags }) =>
    everything.filter((point) => point.partition === partition).map((point) => ({ ...point, tags })),
  'foreign-records': (points, { everything, partition, tags }) => {
    const foreign = everything.filter((point) => point.partition !== partition);
    return [...points, ...foreign.map((point) => ({ ...point, partition, tags: tags.length > 0 ? tags : point.tags }))];
  },
  'swap-ids': (points, { everything }) => rotate(points, 'id', everything),
  'swap-heads': (points, { everything }) => rotate(points, 'head', everything),
  'swap-payloads': (points, { everything }) => rotate(points, 'payload', everything),
  'swap-vectors': (points, { everything }) => rotate(points, 'vector', everything),
  'flip-bit': (points) =>
    points.map((point, index) => {
      const field = FIELDS[index % FIELDS.length] ?? 'head';
      return { ...point, [field]: flipBit(point[field], 7 * index + 29) };
    }),
  truncate: (points) => points.map((point) => mapFields(point, (bytes) => bytes.slice(0, -1))),
  empty: (points) => points.map((point) => mapFields(point, () => new Uint8Array(0))),
  drop: (points) => points.filter((_, index) => index % 2 === 1),
  duplicate: (points) => points.flatMap((point) => [point, point]),
  reorder: (points) => points.toReversed(),
  rollback: (points, { firstVersion }) => points.map(firstVersion),
};

/** The answer that a store with this behaviour gives instead of `points`. The points themselves are never changed. */
export function distortPoints(
  behaviour: HostileBehaviour,
  points: readonly StoredPoint[],
  context: Distortion,
): readonly StoredPoint[] {
  return LIES[behaviour](points, context);
}
