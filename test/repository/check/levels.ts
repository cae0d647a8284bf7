import { join, posix } from 'node:path';
import { type Manifest, type Module, packageNames, readManifest, readModules } from './modules.ts';
import { findPortabilityProblems } from './portability.ts';

/** The levels of the design: imports go strictly downward. `simulator` is for development and sits outside. */
const PACKAGES_BY_LEVEL: readonly (readonly string[])[] = [
  ['core'],
  ['evidence', 'redaction'],
  ['channel', 'tenancy', 'audit', 'host', 'models'],
  ['client', 'retriever', 'prompt', 'session'],
  ['runtime', 'gateway'],
  ['cli', 'ai-sdk', 'langchain'],
];

const LEVELS = new Map(PACKAGES_BY_LEVEL.flatMap((names, level) => names.map((name) => [name, level] as const)));

const SIMULATOR_MAY_USE = ['core', 'evidence'];
const OURS = /^@cloister\/([^/]+)(\/.+)?$/;

/** Why `from` may not import `to` at run time, or `undefined` when it may. */
function levelProblem(from: string, to: string): string | undefined {
  if (from === to) return 'imports itself by name: use a relative path';
  if (to === 'simulator') return 'is shipped and must not depend on the simulator';
  if (from === 'simulator')
    return SIMULATOR_MAY_USE.includes(to) ? undefined : 'the simulator uses core and evidence only';
  const [own, other] = [LEVELS.get(from), LEVELS.get(to)];
  if (own === undefined || other === undefined)
    return `has no level: add ${own === undefined ? from : to} to levels.ts`;
  if (other === own) return `sideways import within level ${own}`;
  return other > own ? `upward import from level ${own} to level ${other}` : undefined;
}

function* packageImportProblems(module: Module, manifests: ReadonlyMap<string, Manifest>): Generator<string> {
  for (const { specifier, line, typeOnly } of module.references) {
    const [, to, subpath = ''] = OURS.exec(specifier) ?? [];
    if (to === undefined) continue;
    const place = `${module.path}:${line}: ${specifier}`;
    const manifest = manifests.get(to);
    if (manifest === undefined) yield `${place}: there is no such package`;
    else if (manifest.exports?.[`.${subpath}`] === undefined) yield `${place}: deep import past the exports of ${to}`;
    const own = manifests.get(module.package);
    const declared = { ...own?.dependencies, ...(module.test || typeOnly ? own?.devDependencies : {}) };
    if (!(`@cloister/${to}` in declared) && to !== module.package) yield `${place}: not declared in package.json`;
    if (module.test || (module.package === 'simulator' && typeOnly)) continue;
    const problem = levelProblem(module.package, to);
    if (problem !== undefined) yield `${place}: ${problem}`;
  }
}

function* relativeImportProblems(module: Module, paths: ReadonlySet<string>): Generator<string> {
  for (const { specifier, line } of module.references) {
    if (!specifier.startsWith('.')) continue;
    const target = posix.join(posix.dirname(module.path), specifier);
    const place = `${module.path}:${line}: ${specifier}`;
    if (target.startsWith(`packages/${module.package}/src/`)) {
      if (!paths.has(target)) yield `${place}: no such file (write the .ts extension)`;
    } else if (!module.test) yield `${place}: leaves the package`;
    if (!module.test && /\.test(?:-d)?\.ts$/.test(target)) yield `${place}: source imports a test`;
  }
}

/** Every cycle of files, type-only imports included, once, as `a.ts -> b.ts -> a.ts`. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (node: string, trail: readonly string[]): void => {
    const at = trail.indexOf(node);
    if (at >= 0) cycles.push([...trail.slice(at), node].join(' -> '));
    if (at >= 0 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return cycles;
}

function fileGraph(modules: readonly Module[]): ReadonlyMap<string, readonly string[]> {
  const targets = ({ path, references }: Module): readonly string[] =>
    references
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }) => posix.join(posix.dirname(path), specifier));
  return new Map(modules.map((module) => [module.path, targets(module)]));
}

/** One line for each import that breaks the design: level, deep import, cycle, or a Node module on a portable path. */
export function findLevelProblems(root: string): readonly string[] {
  const names = packageNames(root);
  const manifests = new Map(names.map((name) => [name, readManifest(join(root, 'packages', name))]));
  const modules = names.flatMap((name) => readModules(root, name));
  const paths = new Set(modules.map(({ path }) => path));
  return [
    ...names
      .filter((name) => !LEVELS.has(name) && name !== 'simulator')
      .map((name) => `packages/${name}: has no level`),
    ...modules.flatMap((module) => [
      ...packageImportProblems(module, manifests),
      ...relativeImportProblems(module, paths),
    ]),
    ...findCycles(fileGraph(modules)).map((cycle) => `cycle: ${cycle}`),
    ...findPortabilityProblems(modules, manifests),
  ];
}
