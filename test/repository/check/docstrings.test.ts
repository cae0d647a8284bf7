import { describe, expect, test } from 'vitest';
import { findUndocumented } from './docstrings.ts';

const problemsOf = (source: string): readonly string[] => findUndocumented({ path: 'a.ts', source });

describe('findUndocumented', () => {
  test.each([
    'export function seal(): void {}',
    'export const limit = 1;',
    'export class Box {}',
    'export interface Head {}',
    'export type Name = string;',
    'const limit = 1;\nexport { limit };',
    'export default function seal(): void {}',
    '// Not a docstring at all, a line comment.\nexport const limit = 1;',
    '/* Not a docstring, an ordinary comment. */\nexport const limit = 1;',
    '/** It belongs to the line below. */\nconst other = 1;\nexport const limit = other;',
  ])('refuses %j', (source) => {
    expect(problemsOf(source)).toHaveLength(1);
    expect(problemsOf(source)[0]).toMatch(/: no docstring$/);
  });

  test.each([
    '/** Seals one whole request. */\nexport function seal(): void {}',
    '/** How many bytes there may be. */\nexport const limit = 1;',
    '/** How many bytes there may be. */\nconst limit = 1;\nexport { limit };',
    "export * from './b.ts';\nexport { c } from './c.ts';\nexport type { D } from './d.ts';",
    'const inner = 1;\nfunction helper(): void {}',
    '/** Reads a text or bytes. */\nexport function read(text: string): void;\nexport function read(bytes: object): void;\nexport function read(): void {}',
  ])('accepts %j', (source) => {
    expect(problemsOf(source)).toEqual([]);
  });

  test('refuses a docstring that says nothing, with its place', () => {
    expect(problemsOf('\n/** The limit. */\nexport const limit = 1;')).toEqual([
      'a.ts:3: limit: the docstring says nothing',
    ]);
  });
});
