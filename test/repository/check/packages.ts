import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, packageNames, readManifest, type Target } from './modules.ts';

/** The headings of every package README, in this order and no others. */
const HEADINGS: readonly string[] = ['What it guarantees', 'What it does not', 'Use', 'Errors', 'How it is tested'];

/** What a published target is for a source target: `./src/a.ts` becomes `./dist/a.js` with its types beside it. */
function published(target: Target, types: boolean): Target {
  if (typeof target !== 'string') {
    return Object.fromEntries(Object.entries(target).map(([condition, inner]) => [condition, published(inner, types)]));
  }
  const base = target.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '');
  return types ? { types: `${base}.d.ts`, default: `${base}.js` } : `${base}.js`;
}

/** The text of a file, or `undefined` when there is none. */
function readText(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function* manifestProblems(name: string, manifest: Manifest): Generator<string> {
  if (manifest.name !== `@cloister/${name}`) yield `is named ${manifest.name}`;
  if (!manifest.description?.endsWith('.')) yield 'needs a description that is a sentence';
  const wanted = [
    ['exports', manifest.exports ?? {}, manifest.publishConfig?.exports ?? {}, true],
    ['imports', manifest.imports ?? {}, manifest.publishConfig?.imports ?? {}, false],
  ] as const;
  for (const [member, source, dist, types] of wanted) {
    const expected = published(source, types);
    if (JSON.stringify(expected) !== JSON.stringify(dist))
      yield `publishConfig.${member} should be ${JSON.stringify(expected)}`;
  }
  for (const file of ['dist', 'README.md', 'LICENSE', 'NOTICE']) {
    if (!manifest.files?.includes(file)) yield `"files" should hold ${file}`;
  }
  for (const [dependency, range] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const expected = dependency.startsWith('@cloister/') ? 'workspace:*' : 'catalog:';
    if (range !== expected) yield `${dependency} should be ${expected}`;
  }
}

function* referenceProblems(folder: string, manifest: Manifest): Generator<string> {
  const config = JSON.parse(readFileSync(join(folder, 'tsconfig.json'), 'utf8')) as {
    references?: readonly { path: string }[];
  };
  const references = (config.references ?? []).map(({ path }) => path.replace('../', ''));
  const wanted = Object.keys(manifest.dependencies ?? {}).flatMap((name) => /^@cloister\/(.*)$/.exec(name)?.[1] ?? []);
  for (const name of wanted) if (!references.includes(name)) yield `tsconfig.json should reference ../${name}`;
  for (const name of references)
    if (!wanted.includes(name)) yield `tsconfig.json references ../${name}, which is no dependency`;
}

function* readmeProblems(folder: string): Generator<string> {
  const prose = readFileSync(join(folder, 'README.md'), 'utf8').replaceAll(/^```.*?^```/gms, '');
  const headings = [...prose.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  if (headings.join('|') !== HEADINGS.join('|'))
    yield `README.md should have exactly these headings: ${HEADINGS.join(' / ')}`;
}

/** One line for each package whose manifest, project references or README break the repository's conventions. */
export function findPackageProblems(root: string): readonly string[] {
  const solution = readFileSync(join(root, 'tsconfig.json'), 'utf8');
  return packageNames(root).flatMap((name) => {
    const folder = join(root, 'packages', name);
    const manifest = readManifest(folder);
    const missing = ['tsconfig.json', 'README.md'].filter((file) => !existsSync(join(folder, file)));
    const problems = [
      ...missing.map((file) => `has no ${file}`),
      ...manifestProblems(name, manifest),
      ...(missing.includes('tsconfig.json') ? [] : referenceProblems(folder, manifest)),
      ...(missing.includes('README.md') ? [] : readmeProblems(folder)),
    ];
    // A package that holds material of others adds its notice below ours.
    for (const file of ['LICENSE', 'NOTICE']) {
      if (!(readText(join(folder, file)) ?? '').startsWith(readText(join(root, file)) ?? ''))
        problems.push(`${file} should begin with a copy of the root's`);
    }
    if (!solution.includes(`"packages/${name}"`)) problems.push('is missing from tsconfig.json');
    return problems.map((problem) => `packages/${name}: ${problem}`);
  });
}
