import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKET, planPlaces } from './plan-places.ts';

/** Plays random additions and removals in one cell; after each of them everybody has exactly one place. */
function play(steps: readonly { readonly added: number; readonly removed: readonly number[] }[]): void {
  const places = new Map<string, string | undefined>();
  let names = 0;
  for (const { added, removed } of steps) {
    const gone = new Set(removed.map((index) => [...places.keys()][index % Math.max(1, places.size)]));
    for (const id of gone) if (id !== undefined) places.delete(id);
    const buckets = new Map<string, string[]>();
    const waiting: string[] = [];
    for (const [id, bucket] of places) {
      if (bucket === undefined) waiting.push(id);
      else buckets.set(bucket, [...(buckets.get(bucket) ?? []), id]);
    }
    const fresh = Array.from({ length: added }, () => `id ${names++}`);
    const plan = planPlaces({ buckets, waiting }, fresh, () => `bucket ${names++}`);
    expect(fresh.every((id) => plan.has(id))).toBe(true);
    for (const [id, bucket] of plan) {
      expect(places.has(id) || fresh.includes(id)).toBe(true);
      places.set(id, bucket);
    }
    const sizes = new Map<string | undefined, number>();
    for (const bucket of places.values()) sizes.set(bucket, (sizes.get(bucket) ?? 0) + 1);
    for (const [bucket, size] of sizes) {
      if (bucket === undefined) expect(size).toBeLessThan(BUCKET);
      else expect(size).toBe(BUCKET);
    }
  }
}

describe('planPlaces', () => {
  it('keeps every bucket full and fewer than a bucket waiting, whatever comes and goes', () => {
    const step = fc.record({ added: fc.nat(40), removed: fc.array(fc.nat(500), { maxLength: 12 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => play(steps)),
      { numRuns: 300 },
    );
  });

  it('moves nobody while a bucket only waits to become full', () => {
    const plan = planPlaces({ buckets: new Map(), waiting: ['a', 'b'] }, ['c'], () => 'never');
    expect([...plan]).toEqual([['c', undefined]]);
  });
});
