import { describe, expect, it } from 'vitest';
import { Arena } from './arena.ts';
import type { ArenaRow } from './arena.ts';
import { rankArena } from './rank-arena.ts';

const opened = {
  digest: 'x',
  head: { version: 1, label: 'public', acl: ['x'], compartments: [], retention: null },
} as unknown as Parameters<Arena['put']>[2];

/** A repeatable generator (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Rows that repeat, so that many scores are equal or nearly so. */
function filled(dimensions: number, rows: number, next: () => number, scale = 1): Arena {
  const arena = new Arena(dimensions, 2 ** 30);
  let vector = new Float32Array(dimensions);
  for (let row = 0; row < rows; row++) {
    if (row % 5 === 0) vector = vector.map(() => scale * (next() - 0.5));
    else if (row % 5 < 3) vector = vector.map((value) => value * (1 + (next() - 0.5) * 2e-7));
    arena.put(String(Math.floor(next() * 1e9)), `d${row}`, opened, new Uint8Array(vector.slice().buffer));
  }
  return arena;
}

/** The definition: every score, sorted. */
function rankSlowly(arena: Arena, query: Float32Array, allowed: (row: ArenaRow) => boolean): string[] {
  const { dimensions, vectors, rows } = arena;
  const whole = dimensions - (dimensions % 4);
  const score = (place: number): number => {
    const product = (index: number): number =>
      (vectors[place * dimensions + index] as number) * (query[index] as number);
    const sums = [0, 0, 0, 0];
    for (let index = 0; index < whole; index++) sums[index % 4] = (sums[index % 4] as number) + product(index);
    for (let index = whole; index < dimensions; index++) sums[0] = (sums[0] as number) + product(index);
    return sums.reduce((total, sum) => total + sum);
  };
  return rows
    .map((row, place) => ({ row, score: score(place) }))
    .filter(({ row }) => allowed(row))
    .toSorted((left, right) => right.score - left.score || (left.row.id < right.row.id ? -1 : 1))
    .map(({ row, score: value }) => `${row.id} ${value}`);
}

describe('rankArena', () => {
  it.each([
    [384, 9000, 1],
    [100, 30_000, 1],
    [3, 500, 1],
    [400, 3000, 1e18],
    [400, 3000, 1e-22],
  ])('ranks %i components and %i rows to the last bit as the plain loop does', (dimensions, rows, scale) => {
    const next = generator(dimensions);
    const arena = filled(dimensions, rows, next, scale);
    expect(arena.scan(new Float32Array(dimensions).fill(1)) !== undefined).toBe(rows > 500);
    const allowed = ({ id }: ArenaRow): boolean => Number(id) % 7 !== 0;
    const visible = Uint32Array.from(arena.rows.keys()).filter((place) => allowed(arena.rows[place] as ArenaRow));
    for (let round = 0; round < 4; round++) {
      const from = Math.floor(next() * arena.rows.length) * dimensions;
      const query = round === 0 ? arena.vectors.slice(from, from + dimensions) : new Float32Array(dimensions);
      if (round > 0) query.forEach((_, index) => (query[index] = scale * (next() - 0.5)));
      const expected = rankSlowly(arena, query, allowed);
      const ranked = (places: Uint32Array): readonly string[] =>
        rankArena(arena, query, 40, places).map(({ row, score }) => `${row.id} ${score}`);
      expect(ranked(visible)).toEqual(expected.slice(0, 40));
      const few = visible.filter((_, index) => index % 20 === 0);
      const ids = new Set(Array.from(few, (place) => arena.rows[place]?.id));
      expect(ranked(few)).toEqual(expected.filter((line) => ids.has(line.split(' ', 1)[0])).slice(0, 40));
    }
  });

  it('keeps what an arena holds while it grows into the memory of the kernel and within it, and zeroes it', () => {
    const [dimensions, rows] = [64, 60_000];
    const arena = new Arena(dimensions, 2 ** 30);
    const next = generator(7);
    const held = Float32Array.from({ length: rows * dimensions }, () => next());
    for (let row = 0; row < rows; row++) {
      const bytes = new Uint8Array(held.slice(row * dimensions, (row + 1) * dimensions).buffer);
      arena.put(String(row), `d${row}`, opened, bytes);
    }
    expect(Buffer.compare(Buffer.from(arena.vectors.slice(0, held.length).buffer), Buffer.from(held.buffer))).toBe(0);
    rankArena(arena, held.slice(0, dimensions), 5, Uint32Array.from(arena.rows.keys()));
    expect(arena.blocks).toHaveLength(2);
    for (const block of arena.blocks) expect(block.some((byte) => byte !== 0)).toBe(true);
    arena.reset();
    // Neither vectors nor their sketches nor the query are left anywhere in the memory.
    for (const block of arena.blocks) expect(block.every((byte) => byte === 0)).toBe(true);
  });
});
