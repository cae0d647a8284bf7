import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, packageNames, readManifest } from './modules.ts';

const DOCUMENT = 'docs/dependencies.md';

/** `name: version` of the workspace's catalog, which is plain two-level YAML. */
export function readCatalog(text: string): ReadonlyMap<string, string> {
  const block = /^catalog:\n((?: {2}.*\n|\s*#.*\n)*)/m.exec(text)?.[1] ?? '';
  return new Map(
    [...block.matchAll(/^ {2}'?([^':\n]+)'?: *'?([^'\s#]+)/gm)].map(([, name = '', version = '']) => [name, version]),
  );
}

function manifestsOf(root: string): readonly Manifest[] {
  const examples = join(root, 'examples');
  const folders = [
    '.',
    'test',
    'benchmarks',
    ...packageNames(root).map((name) => join('packages', name)),
    ...(existsSync(examples) ? readdirSync(examples).map((name) => join('examples', name)) : []),
  ];
  return folders
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => readManifest(join(root, folder)));
}

/** Every third-party dependency of the workspace with the version that is asked for. */
function thirdParty(root: string): ReadonlyMap<string, string> {
  const catalog = readCatalog(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'));
  const found = new Map<string, string>();
  for (const manifest of manifestsOf(root)) {
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    for (const [name, range] of Object.entries(all)) {
      if (!name.startsWith('@cloister/'))
        found.set(name, range === 'catalog:' ? (catalog.get(name) ?? 'missing') : range);
    }
  }
  return found;
}

/** One line for each dependency that docs/dependencies.md does not list with its exact version, and for each that is gone. */
export function findDependencyProblems(root: string): readonly string[] {
  const file = join(root, DOCUMENT);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const listed = new Map(
    [...text.matchAll(/^\| `([^`]+)` \| ([^ |]+) \|/gm)].map(([, name = '', version = '']) => [name, version]),
  );
  const wanted = thirdParty(root);
  return [
    ...[...wanted].flatMap(([name, version]) => {
      if (!/^\d+\.\d+\.\d+/.test(version)) return [`${name}: ${version} is not an exact version`];
      if (listed.get(name) === undefined) return [`${DOCUMENT} does not list ${name}`];
      return listed.get(name) === version
        ? []
        : [`${DOCUMENT} says ${name} ${listed.get(name)}, the workspace ${version}`];
    }),
    ...[...listed.keys()]
      .filter((name) => !wanted.has(name))
      .map((name) => `${DOCUMENT} lists ${name}, which nothing uses`),
  ];
}
