import type { StoredPoint } from '@cloister/core';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { assign } from './assign.ts';
import { intervalOf } from './interval.ts';
import { attackWithPairs, createSpace } from './known-pairs.ts';
import { attackByPermutation, attackBySignature, attackBySize, attackDirectly } from './no-pairs.ts';
import { readPoints } from './read-point.ts';
import { createSeeded } from './seeded.ts';
import { neighbourOverlap, rankCorrelation } from './structure.ts';

// Every attack must find what it is made for, and nothing in noise: a table of zeros would prove nothing otherwise.

const [COUNT, DIMENSIONS] = [240, 24];
const seeded = createSeeded('attacks');

/** Vectors as embedders give them: some directions matter more than others, and values are not spread evenly. */
const texts = Array.from({ length: COUNT }, () => {
  const values = Array.from(
    { length: DIMENSIONS },
    (_, at) => Math.sin(7 * at) + (seeded.normal() + 0.6 * seeded.normal() ** 2 * (at % 5)) / (1 + at / 6),
  );
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
});
const rotation = new SingularValueDecomposition(
  new Matrix(Array.from({ length: DIMENSIONS }, () => Array.from({ length: DIMENSIONS }, () => seeded.normal()))),
).leftSingularVectors;
const rotated = new Matrix(texts).mmul(rotation).to2DArray();
const shuffle = seeded.shuffled(DIMENSIONS);
const permuted = texts.map((vector) => shuffle.map((place) => Number(vector[place])));
const noise = texts.map(() => Array.from({ length: DIMENSIONS }, () => seeded.normal()));
const half = texts.map((_, index) => rotated[index]?.slice(0, 12) ?? []);
const order = seeded.shuffled(COUNT);
const pairs = (observed: readonly (readonly number[])[], count: number) =>
  attackWithPairs({
    observed: createSpace(observed),
    texts: createSpace(texts),
    known: order.slice(0, count),
    hidden: order.slice(count),
  });

describe('attacks with known pairs', () => {
  it('undo a rotation', () => {
    const { linkage, cosine } = pairs(rotated, 60);
    expect([linkage, cosine > 0.95]).toEqual([1, true]);
  });

  it('undo a projection as far as it goes', () => {
    expect(pairs(half, 60).linkage).toBeGreaterThan(0.9);
  });

  it('find nothing in noise', () => {
    const { linkage, cosine } = pairs(noise, 60);
    expect(linkage).toBeLessThan(0.04);
    expect(Math.abs(cosine)).toBeLessThan(0.15);
  });
});

describe('attacks without pairs', () => {
  it('undo a permutation by how values are spread', () => {
    expect(attackByPermutation(permuted, texts, order)).toBeGreaterThan(0.5);
    const turned = permuted.map((vector) => vector.map((value, at) => (at % 2 === 0 ? -value : value)));
    expect(attackByPermutation(turned, texts, order)).toBeGreaterThan(0.5);
    expect(attackByPermutation(noise, texts, order)).toBeLessThan(0.06);
  });

  it('know a record by its neighbourhood', () => {
    expect(attackBySignature(rotated, texts)).toBe(1);
    expect(attackBySignature(noise, texts)).toBeLessThan(0.04);
  });

  it('link two tenants whose records are alike', () => {
    expect(attackDirectly(texts, texts)).toBe(1);
    expect(attackDirectly(texts, noise)).toBeLessThan(0.04);
  });

  it('know a record by its size', () => {
    expect(attackBySize([105, 110, 120], [5, 10, 20])).toBe(1);
    expect(attackBySize([105, 105, 120, 120], [5, 5, 20, 20])).toBe(0.5);
    expect(attackBySize([64, 64, 64], [5, 10, 20])).toBeCloseTo(1 / 3, 5);
  });
});

describe('readPoints', () => {
  it('finds vectors in clear wherever they stand, and takes sealed bytes for what they are', () => {
    const point = (vector: Uint8Array): StoredPoint => {
      const bytes = new Uint8Array(1);
      return { id: '', partition: '', document: '', tags: [], head: bytes, payload: bytes, vector };
    };
    const clear = texts.map(
      (values) => new Uint8Array([1, 2, 3, ...new Uint8Array(Float32Array.from(values).buffer), 9]),
    );
    const read = readPoints(clear.map(point), DIMENSIONS, seeded);
    for (const [at, values] of read.entries()) expect(values[5]).toBeCloseTo(texts[at]?.[5] ?? NaN, 6);
    const sealed = texts.map(() => Uint8Array.from({ length: 120 }, () => Math.floor(256 * seeded.next())));
    expect(readPoints(sealed.map(point), DIMENSIONS, seeded)[0]).toHaveLength(DIMENSIONS);
  });
});

describe('measures of structure', () => {
  it('see that a rotation keeps everything and noise nothing', () => {
    expect(neighbourOverlap(rotated, texts)).toBeGreaterThan(0.99);
    expect(neighbourOverlap(noise, texts)).toBeLessThan(0.12);
    expect(rankCorrelation(rotated, texts, 5000, seeded)).toBeCloseTo(1, 6);
    expect(Math.abs(rankCorrelation(noise, texts, 5000, seeded))).toBeLessThan(0.08);
  });
});

describe('assign', () => {
  it('finds the cheapest assignment, as trying all does', () => {
    const permutations = (items: readonly number[]): number[][] =>
      items.length === 0
        ? [[]]
        : items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
    for (let round = 0; round < 30; round++) {
      const costs = new Matrix(Array.from({ length: 4 }, () => Array.from({ length: 6 }, () => seeded.next())));
      const price = (columns: readonly number[]): number =>
        columns.slice(0, 4).reduce((sum, column, row) => sum + costs.get(row, column), 0);
      const least = Math.min(...permutations([0, 1, 2, 3, 4, 5]).map(price));
      expect(price(assign(costs))).toBeCloseTo(least, 10);
      expect(new Set(assign(costs)).size).toBe(4);
    }
  });
});

describe('intervalOf', () => {
  it('is that of Student', () => {
    const { mean, low, high } = intervalOf([1, 2, 3, 4, 5]);
    expect([mean, low.toFixed(3), high.toFixed(3)]).toEqual([3, '1.037', '4.963']);
  });
});
