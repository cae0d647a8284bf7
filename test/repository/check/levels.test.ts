import { describe, expect, test } from 'vitest';
import { findCycles, findLevelProblems } from './levels.ts';
import { createScratchRepository, manifestOf } from './scratch-repository.ts';

/** The problems of a repository made of core, evidence, redaction, channel and audit with these files on top. */
function problemsOf(files: Readonly<Record<string, string | object>>): readonly string[] {
  using repository = createScratchRepository({
    'packages/core/package.json': manifestOf('core', [], {
      imports: { '#digest': { node: './src/digest/node.ts', default: './src/digest/portable.ts' } },
    }),
    'packages/core/src/index.ts': "export * from './words.ts';",
    'packages/core/src/words.ts': 'export const word = 1;',
    'packages/evidence/package.json': manifestOf('evidence', ['core', 'redaction', 'channel', 'simulator']),
    'packages/evidence/src/index.ts': "export { word } from '@cloister/core';",
    'packages/redaction/package.json': manifestOf('redaction', ['core']),
    'packages/redaction/src/index.ts': 'export const redact = 1;',
    'packages/channel/package.json': manifestOf('channel', ['core', 'evidence']),
    'packages/channel/src/index.ts': "import { word } from '@cloister/core'; export const seal: number = word;",
    'packages/simulator/package.json': manifestOf('simulator', ['core', 'evidence', 'channel']),
    'packages/simulator/src/index.ts': "import type { seal } from '@cloister/channel'; export type Seal = typeof seal;",
    ...files,
  });
  return findLevelProblems(repository.root);
}

test('accepts imports that go downward', () => {
  expect(problemsOf({})).toEqual([]);
});

describe('refuses', () => {
  const evidence = 'packages/evidence/src/index.ts';
  test.each([
    [
      'an upward import',
      { [evidence]: "import { seal } from '@cloister/channel';" },
      `${evidence}:1: @cloister/channel: upward import from level 1 to level 2`,
    ],
    [
      'an upward type import',
      { [evidence]: "\nimport type { seal } from '@cloister/channel';" },
      `${evidence}:2: @cloister/channel: upward import from level 1 to level 2`,
    ],
    [
      'an upward dynamic import',
      { [evidence]: "const a = await import('@cloister/channel');" },
      `${evidence}:1: @cloister/channel: upward import from level 1 to level 2`,
    ],
    [
      'an upward re-export',
      { [evidence]: "export * from '@cloister/channel';" },
      `${evidence}:1: @cloister/channel: upward import from level 1 to level 2`,
    ],
    [
      'a sideways import',
      { [evidence]: "import { redact } from '@cloister/redaction';" },
      `${evidence}:1: @cloister/redaction: sideways import within level 1`,
    ],
    [
      'the simulator in a shipped package',
      { [evidence]: "import '@cloister/simulator';" },
      `${evidence}:1: @cloister/simulator: is shipped and must not depend on the simulator`,
    ],
    [
      'more than core and evidence in the simulator',
      { 'packages/simulator/src/index.ts': "import { seal } from '@cloister/channel';" },
      'packages/simulator/src/index.ts:1: @cloister/channel: the simulator uses core and evidence only',
    ],
    [
      'a deep import',
      { [evidence]: "import '@cloister/core/src/words.ts';" },
      `${evidence}:1: @cloister/core/src/words.ts: deep import past the exports of core`,
    ],
    [
      'an undeclared import',
      { 'packages/redaction/src/index.ts': "import '@cloister/evidence';" },
      'packages/redaction/src/index.ts:1: @cloister/evidence: not declared in package.json',
    ],
    [
      'a path into another package',
      { [evidence]: "import '../../core/src/words.ts';" },
      `${evidence}:1: ../../core/src/words.ts: leaves the package`,
    ],
    [
      'a missing extension',
      { [evidence]: "import './other';" },
      `${evidence}:1: ./other: no such file (write the .ts extension)`,
    ],
    [
      'a package without a level',
      { 'packages/extra/package.json': manifestOf('extra') },
      'packages/extra: has no level',
    ],
    [
      'a cycle of files',
      { 'packages/core/src/words.ts': "import './index.ts'; export const word = 1;" },
      'cycle: packages/core/src/index.ts -> packages/core/src/words.ts -> packages/core/src/index.ts',
    ],
    [
      'a Node module on the main path of a portable package, through another package',
      { 'packages/core/src/words.ts': "import 'node:fs'; export const word = 1;" },
      'packages/core/src/words.ts:1: node:fs: Node module on the main path of channel',
    ],
    [
      'a Node module behind the default condition',
      {
        'packages/core/src/words.ts': "import '#digest'; export const word = 1;",
        'packages/core/src/digest/node.ts': "import 'node:crypto';",
        'packages/core/src/digest/portable.ts': "import 'crypto';",
      },
      'packages/core/src/digest/portable.ts:1: crypto: Node module on the main path of core',
    ],
    [
      'input and output in a pure package, off its main path too',
      { 'packages/evidence/src/aside.ts': "import { readFileSync } from 'node:fs';" },
      'packages/evidence/src/aside.ts:1: node:fs: levels 0 and 1 do no input or output',
    ],
  ])('%s', (_name, files, problem) => {
    expect(problemsOf(files)).toContain(problem);
  });
});

test('lets the tests of a package import what it declares for development', () => {
  const files = {
    'packages/redaction/package.json': manifestOf('redaction', ['core'], {
      devDependencies: { '@cloister/simulator': 'workspace:*' },
    }),
    'packages/redaction/src/a.test.ts': "import '@cloister/simulator'; import './index.ts';",
  };
  expect(problemsOf(files)).toEqual([]);
});

test('lets the node condition reach Node modules', () => {
  const files = {
    'packages/core/src/words.ts': "import '#digest'; export const word = 1;",
    'packages/core/src/digest/node.ts': "import 'node:crypto';",
    'packages/core/src/digest/portable.ts': 'export {};',
  };
  expect(problemsOf(files)).toEqual([]);
});

test('names every cycle once', () => {
  const graph = new Map([
    ['a', ['b', 'c']],
    ['b', ['a']],
    ['c', ['d']],
    ['d', ['c']],
    ['e', ['a']],
  ]);
  expect(findCycles(graph)).toEqual(['a -> b -> a', 'c -> d -> c']);
});
