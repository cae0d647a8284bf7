import { type Comment, parseSync, type Statement } from 'oxc-parser';
import { lineAt, type Module, packageNames, readModules } from './modules.ts';

/** Fewer words than this say nothing that the name does not. */
const MIN_WORDS = 3;

/** Where a statement begins and what it declares. */
interface Declared {
  readonly names: readonly string[];
  readonly start: number;
  readonly exported: boolean;
}

/** The names that a declaration statement introduces. */
function declaredNames(node: Statement): readonly string[] {
  switch (node.type) {
    case 'VariableDeclaration':
      return node.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'ClassDeclaration':
      return node.id === null ? [] : [node.id.name];
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSEnumDeclaration':
      return [node.id.name];
    default:
      return [];
  }
}

/** The declarations of a file in order, and the local names that an `export { … }` list gives out. */
function readDeclarations(program: readonly Statement[]): readonly Declared[] {
  const listed = new Set<string>();
  const found: Declared[] = [];
  for (const node of program) {
    if (node.type === 'ExportNamedDeclaration') {
      if (node.declaration !== null)
        found.push({ names: declaredNames(node.declaration), start: node.start, exported: true });
      if (node.source !== null) continue;
      for (const { local } of node.specifiers) if (local.type === 'Identifier') listed.add(local.name);
    } else if (node.type === 'ExportDefaultDeclaration')
      found.push({ names: ['default'], start: node.start, exported: true });
    else found.push({ names: declaredNames(node), start: node.start, exported: false });
  }
  return found.map((entry) => (entry.names.some((name) => listed.has(name)) ? { ...entry, exported: true } : entry));
}

/** The `/** … *\/` comment that ends right before an offset. */
function docBefore(source: string, comments: readonly Comment[], offset: number): string | undefined {
  const comment = comments.findLast(({ end }) => end <= offset);
  const adjacent = comment !== undefined && source.slice(comment.end, offset).trim() === '';
  return adjacent && comment.type === 'Block' && comment.value.startsWith('*') ? comment.value : undefined;
}

/** One line for each exported declaration of a file that has no docstring, or one of fewer than three words. */
export function findUndocumented({ path, source }: Pick<Module, 'path' | 'source'>): readonly string[] {
  const { program, comments } = parseSync(path, source);
  const documented = new Set<string>();
  const problems: string[] = [];
  for (const { names, start, exported } of readDeclarations(program.body)) {
    const words = docBefore(source, comments, start)?.match(/[\p{L}\p{N}]+/gu)?.length;
    const fresh = names.filter((name) => !documented.has(name));
    if (words !== undefined) for (const name of names) documented.add(name);
    if (!exported || fresh.length === 0 || (words !== undefined && words >= MIN_WORDS)) continue;
    problems.push(
      `${path}:${lineAt(source, start)}: ${fresh.join(', ')}: ${words === undefined ? 'no docstring' : 'the docstring says nothing'}`,
    );
  }
  return problems;
}

/** Every exported symbol in packages/<name>/src that lacks a docstring. */
export function findDocstringProblems(root: string): readonly string[] {
  return packageNames(root)
    .flatMap((name) => readModules(root, name))
    .filter(({ test }) => !test)
    .flatMap(findUndocumented);
}
