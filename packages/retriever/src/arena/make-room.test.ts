import { expect, it } from 'vitest';
import { LexicalIndex } from '../lexical/lexical-index.ts';
import { createTermSplitter } from '../lexical/split-terms.ts';
import { Arena } from './arena.ts';

const opened = {
  digest: 'x',
  head: { version: 1, label: 'public', acl: ['x'], compartments: [], retention: null },
} as unknown as Parameters<Arena['put']>[2];

/** Opens one cell of 40 texts whose words are in no other. */
function load(arena: Arena, cell: string): void {
  for (let row = 0; row < 40; row++) {
    const id = `${cell}-${row}`;
    arena.put(id, id, opened, new Uint8Array(8), `${cell}a${row} ${cell}b${row} ${cell}c${row}`, cell);
  }
  arena.loaded.add(`${cell} tag`);
}

it('makes room for words by forgetting cells that were asked for longest ago, and only those', () => {
  const limit = 100_000;
  const arena = new Arena(2, limit, new LexicalIndex(createTermSplitter('en')));
  for (let cell = 0; cell < 50; cell++) {
    arena.makeRoom([`c0 tag`, `c${cell} tag`], 40);
    if (!arena.loaded.has(`c${cell} tag`)) load(arena, `c${cell}`);
    expect(arena.bytes).toBeLessThan(limit);
    expect([...arena.loaded].includes('c0 tag')).toBe(true);
    expect(new Set(arena.rows.map((row) => `${row.cell} tag`))).toEqual(arena.loaded);
  }
  // The control: whoever forgets nothing runs out of room.
  expect(() => {
    for (let cell = 100; cell < 110; cell++) load(arena, `c${cell}`);
  }).toThrow(expect.objectContaining({ code: 'ERR_RETRIEVER_TOO_LARGE' }));
});
