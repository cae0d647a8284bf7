import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execute } from '../repository/pack/execute.ts';
import { extractSnippets, type Snippet } from './extract-snippets.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Inside the repository, so that imports resolve as they do for its users, and hidden from every other tool. */
const FOLDER = fileURLToPath(new URL(`./.cache/snippets-${process.pid}/`, import.meta.url));

function markdownIn(folder: string): readonly string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

function readmesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder))
    .map((name) => `${folder}/${name}/README.md`)
    .filter((path) => existsSync(join(ROOT, path)));
}

const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'].filter((path) => existsSync(join(ROOT, path))),
  ...markdownIn('docs'),
  ...readmesIn('packages'),
  ...readmesIn('examples'),
];
const snippets = documents.flatMap((path) => extractSnippets(path, readFileSync(join(ROOT, path), 'utf8')));

function fileOf({ document, line }: Snippet): string {
  return `${document.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}-line-${line}.ts`;
}

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const snippet of snippets) writeFileSync(join(FOLDER, fileOf(snippet)), snippet.code);
  const config = {
    extends: '../../../../tsconfig.check.json',
    compilerOptions: { noUnusedLocals: false, declaration: false, isolatedDeclarations: false },
    include: ['*.ts'],
  };
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config));
});

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

describe('code in documents', () => {
  test.skipIf(snippets.length === 0)('passes the type checker', async () => {
    const { output } = await execute(
      join(ROOT, 'node_modules/.bin/tsc'),
      ['-p', 'tsconfig.json', '--pretty', 'false'],
      { cwd: FOLDER },
    );
    // Faults of the packages themselves are the business of `check`.
    expect(output.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('../'))).toEqual([]);
  });

  test.each(
    snippets.filter(({ run }) => run).map((snippet) => [`${snippet.document}:${snippet.line}`, fileOf(snippet)]),
  )(
    'runs: %s',
    async (_place, file) => {
      const { status, output } = await execute(process.execPath, [file], { cwd: FOLDER });
      expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
    },
    60_000,
  );
});

describe('extractSnippets', () => {
  test('finds TypeScript blocks with their line and marker', () => {
    const text = '# A\n\n```ts\nconst a = 1;\n```\n\n```sh\nls\n```\n```ts check\nb();\n```\n';
    expect(extractSnippets('a.md', text)).toEqual([
      { document: 'a.md', line: 4, code: 'const a = 1;\n', run: true },
      { document: 'a.md', line: 11, code: 'b();\n', run: false },
    ]);
  });
});
