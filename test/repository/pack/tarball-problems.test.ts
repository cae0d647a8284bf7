import { expect, test } from 'vitest';
import { createScratchRepository } from '../check/scratch-repository.ts';
import { findTarballProblems } from './tarball-problems.ts';

const MANIFEST = {
  name: '@cloister/core',
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  imports: { '#digest': { node: './dist/node.js', default: './dist/portable.js' } },
  dependencies: { zod: '4.0.0' },
};

const FILES = {
  'package.json': MANIFEST,
  'README.md': '# core',
  LICENSE: 'licence',
  NOTICE: 'notice',
  'dist/index.js': '',
  'dist/index.d.ts': '',
  'dist/node.js': '',
  'dist/portable.js': '',
};

function problemsOf(files: Readonly<Record<string, string | object>>): readonly string[] {
  using folder = createScratchRepository(files);
  return findTarballProblems(folder.root);
}

test('accepts a tarball of compiled files', () => {
  expect(problemsOf(FILES)).toEqual([]);
});

test.each([
  ['a source file', { 'src/index.ts': '' }, 'holds src/index.ts'],
  ['a build record', { 'dist/core.tsbuildinfo': '' }, 'holds dist/core.tsbuildinfo'],
  ['a compiled test', { 'dist/index.test.js': '' }, 'holds a test: dist/index.test.js'],
  [
    'an entry that is a source',
    { 'package.json': { ...MANIFEST, exports: { '.': './src/index.ts' } } },
    'leads to ./src/index.ts instead of dist',
  ],
  [
    'an entry that leads nowhere',
    { 'package.json': { ...MANIFEST, exports: { '.': './dist/no.js' } } },
    'leads to ./dist/no.js, which is not there',
  ],
  ['no entry at all', { 'package.json': { name: '@cloister/core' } }, 'has no exports'],
  [
    'a version of the workspace',
    { 'package.json': { ...MANIFEST, dependencies: { '@cloister/core': 'workspace:*' } } },
    'depends on a version that only the workspace understands',
  ],
])('refuses %s', (_name, files, problem) => {
  expect(problemsOf({ ...FILES, ...files })).toContain(problem);
});

test('refuses a tarball without README, licence and notice', () => {
  const { 'README.md': _readme, LICENSE: _licence, NOTICE: _notice, ...rest } = FILES;
  expect(problemsOf(rest)).toEqual(['lacks README.md', 'lacks LICENSE', 'lacks NOTICE']);
});
