import { expect, test } from 'vitest';
import { findDependencyProblems, readCatalog } from './dependencies.ts';
import { findDocsProblems, writeDocs } from './docs.ts';
import { readErrorTables } from './error-reference.ts';
import { findPackageProblems } from './packages.ts';
import { createScratchRepository } from './scratch-repository.ts';

const TABLE = `
const FIX = 'Try ' + 'again.';
export const coreError = createErrors<CoreErrorCode>({
  ERR_CORE_BUSY: { message: 'It is | busy.', fix: FIX, retryable: true },
  ERR_CORE_ODD: { message: \`Odd.\`, fix: 'Make it even.' },
});`;

const tablesOf = (source: string) => readErrorTables({ path: 'a.ts', package: 'core', source });

test('reads an error table with its constants', () => {
  expect(tablesOf(TABLE)).toEqual({
    problems: [],
    errors: [
      { code: 'ERR_CORE_BUSY', message: 'It is | busy.', fix: 'Try again.', retryable: true },
      { code: 'ERR_CORE_ODD', message: 'Odd.', fix: 'Make it even.', retryable: false },
    ],
  });
});

test('refuses computed messages, foreign prefixes and hidden tables', () => {
  expect(tablesOf("createErrors({ ERR_CORE_A: { message: `no ${name}`, fix: '' } });").problems).toEqual([
    'a.ts:1: ERR_CORE_A: message and fix must be static sentences',
  ]);
  expect(tablesOf("createErrors({ ERR_OTHER_A: { message: 'no', fix: '' } });").problems).toEqual([
    'a.ts:1: ERR_OTHER_A: codes of this package begin with ERR_CORE_',
  ]);
  expect(tablesOf("import { table } from './b.ts'; createErrors(table);").problems).toHaveLength(1);
});

test('notices generated documents that have fallen behind', () => {
  using repository = createScratchRepository({
    'pnpm-workspace.yaml': 'catalog:\n',
    'packages/core/package.json': { name: '@cloister/core' },
    'packages/core/src/errors.ts': TABLE,
  });
  expect(findDocsProblems(repository.root)).toEqual(['docs/reference/errors.md is out of date']);
  writeDocs(repository.root);
  expect(findDocsProblems(repository.root)).toEqual([]);
});

test('reads the catalog of the workspace', () => {
  const text = "packages:\n  - a\n\n# why\ncatalog:\n  '@a/b': 1.2.3\n  # a word\n  zod: 4.0.0\n\nsavePrefix: ''\n";
  expect([...readCatalog(text)]).toEqual([
    ['@a/b', '1.2.3'],
    ['zod', '4.0.0'],
  ]);
});

test('notices dependencies that are not listed, listed wrongly or gone', () => {
  using repository = createScratchRepository({
    'pnpm-workspace.yaml': 'catalog:\n  zod: 4.0.0\n  tinybench: 6.0.0\n',
    'package.json': { devDependencies: { vitest: '5.0.0', loose: '^1.0.0' } },
    'packages/core/package.json': { name: '@cloister/core', dependencies: { zod: 'catalog:', tinybench: 'catalog:' } },
    'docs/dependencies.md': '| `zod` | 4.0.1 | MIT |\n| `vitest` | 5.0.0 | MIT |\n| `gone` | 1.0.0 | MIT |\n',
  });
  expect(findDependencyProblems(repository.root)).toEqual([
    'loose: ^1.0.0 is not an exact version',
    'docs/dependencies.md says zod 4.0.1, the workspace 4.0.0',
    'docs/dependencies.md does not list tinybench',
    'docs/dependencies.md lists gone, which nothing uses',
  ]);
});

const GOOD_PACKAGE = {
  'tsconfig.json': '{ "references": [{ "path": "packages/core" }] }',
  'packages/core/tsconfig.json': { references: [] },
  'packages/core/README.md': ['What it guarantees', 'What it does not', 'Use', 'Errors', 'How it is tested']
    .map((line) => `## ${line}\n`)
    .join('\n'),
  'packages/core/package.json': {
    name: '@cloister/core',
    description: 'The words.',
    files: ['dist', 'README.md', 'LICENSE', 'NOTICE'],
    exports: { '.': './src/index.ts' },
    imports: { '#digest': { node: './src/digest/node.ts', default: './src/digest/portable.ts' } },
    publishConfig: {
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
      imports: { '#digest': { node: './dist/digest/node.js', default: './dist/digest/portable.js' } },
    },
  },
};

test('accepts a package that keeps the conventions', () => {
  using repository = createScratchRepository(GOOD_PACKAGE);
  expect(findPackageProblems(repository.root)).toEqual([]);
});

test('notices published exports out of step, loose versions, missing references and headings', () => {
  using repository = createScratchRepository({
    ...GOOD_PACKAGE,
    'packages/core/README.md': '## Use\n',
    'packages/core/package.json': {
      ...GOOD_PACKAGE['packages/core/package.json'],
      exports: { '.': './src/index.ts', './node': './src/node/index.ts' },
      dependencies: { '@cloister/other': 'workspace:*', zod: '4.0.0' },
    },
  });
  const problems = findPackageProblems(repository.root).join('\n');
  expect(problems).toContain('publishConfig.exports should be');
  expect(problems).toContain('zod should be catalog:');
  expect(problems).toContain('tsconfig.json should reference ../other');
  expect(problems).toContain('README.md should have exactly these headings');
});
