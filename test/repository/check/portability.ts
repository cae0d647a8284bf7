import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { Manifest, Module, Target } from './modules.ts';

/** Packages whose `.` entry also runs in a browser. */
const PORTABLE: readonly string[] = ['core', 'evidence', 'redaction', 'channel', 'audit', 'client'];

/** Packages that do no input or output at all: whatever their files import, it is not a Node module (`node.ts` aside). */
const PURE: readonly string[] = ['core', 'evidence', 'redaction'];

/** What a browser's bundler picks: the last resort of every condition object. */
function defaultTarget(target: Target | undefined): string | undefined {
  return typeof target === 'object' ? defaultTarget(target['default']) : target;
}

/** The file behind a specifier as a browser resolves it; `undefined` for third-party packages. */
function resolve(module: Module, specifier: string, manifests: ReadonlyMap<string, Manifest>): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(module.path), specifier);
  const [, name, subpath = ''] = /^@cloister\/([^/]+)(\/.+)?$/.exec(specifier) ?? [];
  const owner = name ?? module.package;
  const manifest = manifests.get(owner);
  if (name === undefined && !specifier.startsWith('#')) return undefined;
  const target = defaultTarget(
    name === undefined ? manifest?.imports?.[specifier] : manifest?.exports?.[`.${subpath}`],
  );
  return target === undefined ? undefined : posix.join('packages', owner, target);
}

function* nodeImports(module: Module, note: string): Generator<string> {
  for (const { specifier, line, typeOnly } of module.references) {
    if (!typeOnly && isBuiltin(specifier)) yield `${module.path}:${line}: ${specifier}: ${note}`;
  }
}

/** Every Node module that the `.` entry of a portable package reaches with default conditions. */
export function findPortabilityProblems(
  modules: readonly Module[],
  manifests: ReadonlyMap<string, Manifest>,
): readonly string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const problems = new Set<string>();
  for (const name of PORTABLE) {
    const entry = defaultTarget(manifests.get(name)?.exports?.['.']);
    const queue = entry === undefined ? [] : [posix.join('packages', name, entry)];
    const seen = new Set(queue);
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      const module = byPath.get(path);
      if (module === undefined) continue;
      for (const problem of nodeImports(module, `Node module on the main path of ${name}`)) problems.add(problem);
      for (const { specifier, typeOnly } of module.references) {
        const target = typeOnly ? undefined : resolve(module, specifier, manifests);
        if (target !== undefined && !seen.has(target)) queue.push(target);
        if (target !== undefined) seen.add(target);
      }
    }
  }
  for (const module of modules) {
    const fast = /(?:^|\/)node(?:\.ts$|\/)/.test(module.path);
    if (!PURE.includes(module.package) || module.test || fast) continue;
    for (const problem of nodeImports(module, 'levels 0 and 1 do no input or output')) problems.add(problem);
  }
  return [...problems];
}
