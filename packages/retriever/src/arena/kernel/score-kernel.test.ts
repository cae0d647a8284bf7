import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScoreKernel } from './score-kernel.ts';

const float = fc.float({ noNaN: true, noDefaultInfinity: true, min: -8, max: 8 });

describe('createScoreKernel', () => {
  it('gives the dot products of the plain loop, for every number of components and any place in memory', () => {
    const memory = new WebAssembly.Memory({ initial: 4 });
    const kernel = createScoreKernel(memory);
    if (kernel === undefined) throw new Error('this engine has no vectors of 128 bits');
    const scene = fc.integer({ min: 1, max: 100 }).chain((dimensions) =>
      fc.record({
        query: fc.array(float, { minLength: dimensions, maxLength: dimensions }),
        rows: fc.array(fc.array(float, { minLength: dimensions, maxLength: dimensions }), { maxLength: 9 }),
        shift: fc.integer({ min: 0, max: 7 }),
      }),
    );
    fc.assert(
      fc.property(scene, ({ query, rows, shift }) => {
        const [place, scores] = [65_536 + 4 * shift, 131_072];
        const bytes = 4 * query.length;
        new Float32Array(memory.buffer, 0, query.length).set(query);
        new Float32Array(memory.buffer, place, rows.flat().length).set(rows.flat());
        const answer = new Float32Array(memory.buffer, scores, rows.length + 1).fill(77);
        kernel(place, rows.length, 0, bytes, scores);
        for (const [index, row] of rows.entries()) {
          const products = row.map((value, at) => value * (query[at] as number));
          const expected = products.reduce((sum, value) => sum + value, 0);
          const reach = products.reduce((sum, value) => sum + Math.abs(value), 0);
          expect(Math.abs((answer[index] as number) - expected)).toBeLessThanOrEqual(reach * 2e-6 + 1e-37);
        }
        // It writes as many scores as there are rows, and none further.
        expect(answer[rows.length]).toBe(77);
      }),
    );
  });
});
