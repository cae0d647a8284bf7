import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';

/** One import, re-export or dynamic import of a file. */
export interface Reference {
  readonly specifier: string;
  readonly line: number;
  /** Erased before the program runs. */
  readonly typeOnly: boolean;
}

/** One TypeScript file of a package, with what it imports. */
export interface Module {
  /** Path from the repository root, with forward slashes. */
  readonly path: string;
  readonly package: string;
  readonly test: boolean;
  readonly source: string;
  readonly references: readonly Reference[];
}

/** Where a condition leads: `"./src/a.ts"` or `{ node: …, default: … }`. */
export type Target = string | { readonly [condition: string]: Target };

/** The members of a package.json that the checks read. */
export interface Manifest {
  readonly name: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, Target>>;
  readonly imports?: Readonly<Record<string, Target>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly publishConfig?: {
    readonly exports?: Readonly<Record<string, Target>>;
    readonly imports?: Readonly<Record<string, Target>>;
  };
}

/** A package.json. The folder is given, the content is ours: no need to distrust it. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The folder names under packages/, sorted. */
export function packageNames(root: string): readonly string[] {
  const folder = join(root, 'packages');
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'package.json')))
    .toSorted();
}

/** The 1-based line of an offset. */
export function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}

/** Every import, export-from and dynamic import with a literal specifier. */
export function referencesOf(path: string, source: string): readonly Reference[] {
  const { program, module } = parseSync(path, source);
  const references: Reference[] = [];
  for (const node of program.body) {
    if (
      node.type !== 'ImportDeclaration' &&
      node.type !== 'ExportNamedDeclaration' &&
      node.type !== 'ExportAllDeclaration'
    )
      continue;
    if (node.source === null) continue;
    const typeOnly = node.type === 'ImportDeclaration' ? node.importKind === 'type' : node.exportKind === 'type';
    references.push({ specifier: node.source.value, line: lineAt(source, node.start), typeOnly });
  }
  for (const { start, moduleRequest } of module.dynamicImports) {
    const literal = /^['"`](.*)['"`]$/.exec(source.slice(moduleRequest.start, moduleRequest.end));
    if (literal?.[1] !== undefined)
      references.push({ specifier: literal[1], line: lineAt(source, start), typeOnly: false });
  }
  return references;
}

/** All TypeScript files under packages/<name>/src. */
export function readModules(root: string, name: string): readonly Module[] {
  const folder = join(root, 'packages', name, 'src');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => {
      const source = readFileSync(file, 'utf8');
      const path = relative(root, file).replaceAll('\\', '/');
      return {
        path,
        package: name,
        test: /\.test(?:-d)?\.ts$/.test(path),
        source,
        references: referencesOf(path, source),
      };
    });
}
