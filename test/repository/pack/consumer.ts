import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../check/modules.ts';
import { execute, pnpm } from './execute.ts';

/** One packed package. */
export interface Tarball {
  readonly name: string;
  /** The absolute path of the .tgz file. */
  readonly file: string;
  readonly manifest: Manifest;
}

/** A program that imports every entry of every tarball. */
function importAll(tarballs: readonly Tarball[]): string {
  const entries = tarballs.flatMap(({ name, manifest }) =>
    Object.keys(manifest.exports ?? {}).map((subpath) => name + subpath.slice(1)),
  );
  const imports = entries.map(
    (entry) =>
      `if (Object.keys(await import(${JSON.stringify(entry)})).length === 0) throw new Error('${entry} is empty');`,
  );
  return `${imports.join('\n')}\nconsole.log('${entries.length} entries load');\n`;
}

/**
 * Installs the tarballs in a project of their own, as a stranger would, and runs programs against them under plain Node:
 * an import of every entry, then test/consumers/node. Types are checked against the packed declarations.
 * @returns what went wrong, line by line
 */
export async function tryTarballs(
  tarballs: readonly Tarball[],
  folder: string,
  root: string,
): Promise<readonly string[]> {
  const files = Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`]));
  const types = readFileSync(join(root, 'node_modules/@types/node/package.json'), 'utf8');
  const manifest = {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: files,
    devDependencies: { '@types/node': (JSON.parse(types) as { version: string }).version },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const overrides = Object.entries(files).map(([name, file]) => `  '${name}': '${file}'\n`);
  const builds = 'allowBuilds:\n  onnxruntime-node: false\n';
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), `packages:\n  - .\noverrides:\n${overrides.join('')}${builds}`);
  writeFileSync(join(folder, 'import-all.mjs'), importAll(tarballs));
  cpSync(join(root, 'test/consumers/node'), folder, { recursive: true });

  const steps: readonly (readonly [string, () => ReturnType<typeof execute>])[] = [
    ['install', () => pnpm(['install', '--prefer-offline', '--no-frozen-lockfile'], { cwd: folder })],
    ['import every entry', () => execute(process.execPath, ['import-all.mjs'], { cwd: folder })],
    ['types', () => execute(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.json'], { cwd: folder })],
    ['run', () => execute(process.execPath, ['main.js'], { cwd: folder })],
  ];
  for (const [name, step] of steps) {
    const { status, output } = await step();
    if (status !== 0) return [`consumer: ${name} ended with status ${status}`, ...output.trimEnd().split('\n')];
  }
  return [];
}
