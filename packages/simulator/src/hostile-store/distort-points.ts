import { utf8 } from '@cloister/core';
import type { StoredPoint } from '@cloister/core';
import type { HostileBehaviour } from './behaviours.ts';

/** What a lie is made from besides the honest answer. */
export interface Distortion {
  /** The partition that was asked for. */
  readonly partition: string;
  /** The tags that were asked for. */
  readonly tags: readonly string[];
  /** Every point of every partition that the store knows. */
  readonly everything: () => Promise<readonly StoredPoint[]>;
  /** The first version of a point that the store was given. */
  readonly firstVersion: (point: StoredPoint) => StoredPoint;
  /** What the store answered before. */
  readonly previous: readonly StoredPoint[];
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

/** What a store could write itself if labels were not sealed: a head in clear for everybody, as long as the true one. */
function forgeHead({ head }: StoredPoint): Uint8Array {
  const forged = utf8(JSON.stringify({ label: 'public', acl: ['public'], compartments: [], retention: null }));
  const bytes = head.slice();
  bytes.set(forged.subarray(0, bytes.length));
  return bytes;
}

type Answer = readonly StoredPoint[] | Promise<readonly StoredPoint[]>;
type Lie = (points: readonly StoredPoint[], context: Distortion) => Answer;

const honest: Lie = (points) => points;
const swap =
  (member: keyof StoredPoint): Lie =>
  async (points, { everything }) =>
    rotate(points, member, await everything());

const LIES: Readonly<Record<HostileBehaviour, Lie>> = {
  honest,
  slow: honest,
  'forget-writes': honest,
  'keep-deleted': honest,
  'contradictory-counts': honest,
  'ignore-filters': (_, { everything }) => everything(),
  'edit-tags': async (_, { everything, partition, tags }) =>
    (await everything()).filter((point) => point.partition === partition).map((point) => ({ ...point, tags })),
  'foreign-records': async (points, { everything, partition, tags }) => {
    const foreign = (await everything()).filter((point) => point.partition !== partition);
    return [...points, ...foreign.map((point) => ({ ...point, partition, tags: tags.length > 0 ? tags : point.tags }))];
  },
  'extra-hits': async (points, { everything, partition }) => {
    const asked = new Set(points.map(({ id }) => id));
    return [
      ...points,
      ...(await everything()).filter((point) => point.partition === partition && !asked.has(point.id)),
    ];
  },
  replay: (_, { previous }) => previous,
  'forge-labels': (points) => points.map((point) => ({ ...point, head: forgeHead(point) })),
  'swap-ids': swap('id'),
  'swap-heads': swap('head'),
  'swap-payloads': swap('payload'),
  'swap-vectors': swap('vector'),
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
export async function distortPoints(
  behaviour: HostileBehaviour,
  points: readonly StoredPoint[],
  context: Distortion,
): Promise<readonly StoredPoint[]> {
  return LIES[behaviour](points, context);
}
