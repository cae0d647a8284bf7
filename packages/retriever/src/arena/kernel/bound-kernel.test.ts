import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBoundKernel, STEP, TRAILER } from './bound-kernel.ts';

const scale = fc.float({ noNaN: true, noDefaultInfinity: true, min: -8, max: 8 });
const integers = (length: number, most: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -most, max: most }), { minLength: length, maxLength: length });

describe('createBoundKernel', () => {
  it('gives sum * scales + reach * length, for every number of components and any place in memory', () => {
    const memory = new WebAssembly.Memory({ initial: 4 });
    const kernel = createBoundKernel(memory);
    if (kernel === undefined) throw new Error('this engine has no vectors of 128 bits');
    const scene = fc.integer({ min: 1, max: 5 }).chain((steps) =>
      fc.record({
        query: integers(STEP * steps, 32_767),
        rows: fc.array(fc.tuple(integers(STEP * steps, 127), scale, scale), { maxLength: 9 }),
        factors: fc.tuple(scale, scale),
        shift: fc.integer({ min: 0, max: 7 }),
      }),
    );
    fc.assert(
      fc.property(scene, ({ query, rows, factors, shift }) => {
        const [place, bounds] = [65_536 + 8 * shift, 131_072];
        const stride = query.length + TRAILER;
        new Int16Array(memory.buffer, 0, query.length).set(query);
        new Float32Array(memory.buffer, 2 * query.length, 2).set(factors);
        for (const [index, [row, ...trailer]] of rows.entries()) {
          new Int8Array(memory.buffer, place + index * stride, row.length).set(row);
          new Float32Array(memory.buffer, place + index * stride + row.length, 2).set(trailer);
        }
        const answer = new Float32Array(memory.buffer, bounds, rows.length + 1).fill(77);
        kernel(place, rows.length, 0, query.length, bounds);
        for (const [index, [row, own, reach]] of rows.entries()) {
          const sum = row.reduce((total, value, at) => total + value * (query[at] as number), 0);
          const product = Math.fround(Math.fround(Math.fround(sum) * own) * factors[0]);
          // To the bit: every step is rounded to 32 bits once.
          expect(answer[index]).toBe(Math.fround(product + Math.fround(reach * factors[1])));
        }
        // It writes as many bounds as there are rows, and none further.
        expect(answer[rows.length]).toBe(77);
      }),
    );
  });

  it('does not overflow at the largest sums that sketches allow', () => {
    const memory = new WebAssembly.Memory({ initial: 2 });
    const most = Math.floor((2 ** 31 - 1) / 127 / 8192);
    new Int16Array(memory.buffer, 0, 8192).fill(most);
    new Float32Array(memory.buffer, 2 * 8192, 2).set([1, 0]);
    new Int8Array(memory.buffer, 65_536, 8192).fill(127);
    new Float32Array(memory.buffer, 65_536 + 8192, 2).set([1, 0]);
    createBoundKernel(memory)?.(65_536, 1, 0, 8192, 32_768);
    expect(new Float32Array(memory.buffer, 32_768, 1)[0]).toBe(Math.fround(most * 127 * 8192));
  });
});
