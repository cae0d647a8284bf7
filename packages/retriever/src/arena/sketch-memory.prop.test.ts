import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot } from './dot.ts';
import { SketchMemory } from './sketch-memory.ts';

const RUNS = Number(process.env['CLOISTER_TRIES'] ?? 500);
const odd = [0, -0, 1e-45, 1e-30, 1e-8, 1, 127, 1e8, 1e30, 3e38, Number.POSITIVE_INFINITY, Number.NaN];
const component = fc.oneof(
  { weight: 8, arbitrary: fc.float({ noNaN: true, min: -1, max: 1 }) },
  { weight: 1, arbitrary: fc.constantFrom(...odd.flatMap((value) => [value, -value])) },
);
const vectors = fc
  .integer({ min: 1, max: 70 })
  .chain((dimensions) =>
    fc.array(fc.array(component, { minLength: dimensions, maxLength: dimensions }), { minLength: 2, maxLength: 12 }),
  );

/** The bound of every row for a query; `undefined` where there are none. */
function boundsOf(rows: readonly Float32Array[], query: Float32Array): Float32Array | undefined {
  const sketches = SketchMemory.create(query.length);
  if (sketches === undefined) throw new Error('this engine has no vectors of 128 bits');
  sketches.reserve(rows.length);
  for (const [place, row] of rows.entries()) sketches.put(place, row);
  return sketches.scan(query)?.bound(0, rows.length).slice(0, rows.length);
}

describe('SketchMemory', () => {
  it('never gives a bound below the score, whatever is in the vectors', () => {
    fc.assert(
      fc.property(vectors, fc.constantFrom(1, 1e-7, 1e7), (given, factor) => {
        const [query = new Float32Array(0), ...rows] = given.map((vector) =>
          Float32Array.from(vector, (value) => value * factor),
        );
        const bounds = boundsOf(rows, query);
        for (const [place, row] of rows.entries()) {
          // What is not a number is never below anything, which rules nothing out.
          expect((bounds?.[place] ?? Number.NaN) < dot(row, 0, query)).toBe(false);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it.each([384, 768, 1024])('gives bounds that are of use: %i components, within a fiftieth', (dimensions) => {
    let seed = dimensions;
    const next = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647 - 0.5;
    const unit = (): Float32Array => {
      const vector = Float32Array.from({ length: dimensions }, next);
      return vector.map((value) => value / Math.hypot(...vector));
    };
    const [query, rows] = [unit(), Array.from({ length: 100 }, unit)];
    const bounds = boundsOf(rows, query) ?? new Float32Array(0);
    for (const [place, row] of rows.entries())
      expect((bounds[place] as number) - dot(row, 0, query)).toBeLessThan(0.02);
  });

  it('refuses bounds for queries that could overflow or vanish, and forgets the others', () => {
    const sketches = SketchMemory.create(3);
    const isEmpty = (): boolean | undefined => sketches?.bytes.every((byte) => byte === 0);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 1e20, 1e-20, 0]) {
      expect(sketches?.scan(Float32Array.of(bad, 1e-21, 0))).toBeUndefined();
      expect(isEmpty()).toBe(true);
    }
    const scan = sketches?.scan(Float32Array.of(1, 2, 3));
    expect(isEmpty()).toBe(false);
    scan?.end();
    expect(isEmpty()).toBe(true);
  });
});
