import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Manifest, Target } from '../check/modules.ts';

/** Everything a tarball may hold besides dist. */
const ALLOWED: readonly string[] = ['package.json', 'README.md', 'LICENSE', 'NOTICE'];

function* targetsOf(target: Target): Generator<string> {
  if (typeof target === 'string') yield target;
  else for (const inner of Object.values(target)) yield* targetsOf(inner);
}

/** @param named what the manifest names besides: a file that is meant to be read or run as it is */
function* fileProblems(folder: string, named: readonly string[]): Generator<string> {
  const allowed = [...ALLOWED, ...named];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  for (const file of ALLOWED) if (!files.includes(file)) yield `lacks ${file}`;
  for (const file of files) {
    if (!allowed.includes(file) && !/^dist\/.*\.(?:js|d\.ts)$/.test(file)) yield `holds ${file}`;
    if (/\.(?:test|test-d)\./.test(file)) yield `holds a test: ${file}`;
  }
}

/**
 * What is wrong with an unpacked tarball: files that do not belong, entries that lead nowhere or to sources, versions
 * that only the workspace understands.
 * @param folder the tarball's `package` folder
 */
export function findTarballProblems(folder: string): readonly string[] {
  const text = readFileSync(join(folder, 'package.json'), 'utf8');
  const manifest = JSON.parse(text) as Manifest;
  const targets = [...Object.values(manifest.exports ?? {}), ...Object.values(manifest.imports ?? {})].flatMap(
    (target) => [...targetsOf(target)],
  );
  return [
    ...fileProblems(folder, manifest.files ?? []),
    ...targets.filter((target) => !target.startsWith('./dist/')).map((target) => `leads to ${target} instead of dist`),
    ...targets
      .filter((target) => !existsSync(join(folder, target)))
      .map((target) => `leads to ${target}, which is not there`),
    ...(targets.length === 0 ? ['has no exports'] : []),
    ...(/"(?:workspace|catalog|link):/.test(text) ? ['depends on a version that only the workspace understands'] : []),
  ];
}
