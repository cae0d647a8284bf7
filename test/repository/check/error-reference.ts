import {
  type Expression,
  type ObjectExpression,
  parseSync,
  type PrivateIdentifier,
  type Statement,
  Visitor,
} from 'oxc-parser';
import { lineAt, type Module, packageNames, readModules } from './modules.ts';

/** One code of a package, as its table in the source describes it. */
export interface DescribedError {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly retryable: boolean;
}

/** What the tables of one package hold, and where they break the rules. */
interface PackageErrors {
  readonly errors: readonly DescribedError[];
  readonly problems: readonly string[];
}

/** What the constants of a file are set to, by name, with `as const` and `satisfies` taken off. */
type Constants = ReadonlyMap<string, Expression>;

/** The text of a literal, of a constant that is one, or of such joined by `+`; `undefined` for anything computed. */
function staticText(node: Expression | PrivateIdentifier | undefined, constants: Constants): string | undefined {
  switch (node?.type) {
    case 'Literal':
      return typeof node.value === 'string' ? node.value : undefined;
    case 'TemplateLiteral':
      return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined;
    case 'Identifier':
      return constants.get(node.name) === node ? undefined : staticText(constants.get(node.name), constants);
    case 'BinaryExpression': {
      const [left, right] = [staticText(node.left, constants), staticText(node.right, constants)];
      return node.operator === '+' && left !== undefined && right !== undefined ? left + right : undefined;
    }
    default:
      return undefined;
  }
}

/** The plain members of an object literal by name. */
function membersOf(node: ObjectExpression): ReadonlyMap<string, Expression> {
  const members = new Map<string, Expression>();
  for (const property of node.properties) {
    if (property.type !== 'Property' || property.computed) continue;
    if (property.key.type === 'Identifier') members.set(property.key.name, property.value);
    else if (property.key.type === 'Literal') members.set(String(property.key.value), property.value);
  }
  return members;
}

function readConstants(statements: readonly Statement[]): Constants {
  const found = new Map<string, Expression>();
  for (const statement of statements) {
    const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (node?.type !== 'VariableDeclaration' || node.kind !== 'const') continue;
    for (const { id, init } of node.declarations) {
      let value = init;
      while (value?.type === 'TSAsExpression' || value?.type === 'TSSatisfiesExpression') value = value.expression;
      if (id.type === 'Identifier' && value !== null) found.set(id.name, value);
    }
  }
  return found;
}

function describe(code: string, node: Expression, constants: Constants): DescribedError | undefined {
  if (node.type !== 'ObjectExpression') return undefined;
  const members = membersOf(node);
  const [message, fix] = [staticText(members.get('message'), constants), staticText(members.get('fix'), constants)];
  if (message === undefined || fix === undefined) return undefined;
  const retryable = members.get('retryable');
  return { code, message, fix, retryable: retryable?.type === 'Literal' && retryable.value === true };
}

/** Every `createErrors({ … })` table of a file: static texts under codes that begin with the package's name. */
export function readErrorTables(module: Pick<Module, 'path' | 'source' | 'package'>): PackageErrors {
  const errors: DescribedError[] = [];
  const problems: string[] = [];
  const { program } = parseSync(module.path, module.source);
  const constants = readConstants(program.body);
  const prefix = `ERR_${module.package.toUpperCase().replaceAll('-', '_')}_`;
  const visitor = new Visitor({
    CallExpression({ callee, arguments: [argument], start }) {
      if (callee.type !== 'Identifier' || callee.name !== 'createErrors') return;
      const table = argument?.type === 'Identifier' ? constants.get(argument.name) : argument;
      const place = `${module.path}:${lineAt(module.source, start)}`;
      if (table?.type !== 'ObjectExpression') {
        problems.push(`${place}: createErrors takes a table of this file, so that it can be read`);
        return;
      }
      for (const [code, node] of membersOf(table)) {
        const described = describe(code, node, constants);
        if (described === undefined) problems.push(`${place}: ${code}: message and fix must be static sentences`);
        else errors.push(described);
        if (!code.startsWith(prefix)) problems.push(`${place}: ${code}: codes of this package begin with ${prefix}`);
      }
    },
  });
  visitor.visit(program);
  return { errors, problems };
}

/** Text of a cell of a Markdown table. */
export function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** docs/reference/errors.md as it should be, and what stands in the way. */
export function renderErrorReference(root: string): { readonly text: string; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const sections: string[] = [];
  for (const name of packageNames(root)) {
    const tables = readModules(root, name)
      .filter(({ test }) => !test)
      .map(readErrorTables);
    problems.push(...tables.flatMap((table) => table.problems));
    const errors = tables.flatMap((table) => table.errors).toSorted((a, b) => (a.code < b.code ? -1 : 1));
    if (errors.length === 0) continue;
    const rows = errors.map(
      ({ code, message, fix, retryable }) =>
        `| \`${code}\` | ${escapeCell(message)} | ${escapeCell(fix)} | ${retryable ? 'yes' : 'no'} |`,
    );
    sections.push(
      `## ${name}\n\n| code | what happened | what to do | retry |\n|---|---|---|---|\n${rows.join('\n')}\n`,
    );
  }
  const intro =
    '# Errors\n\nGenerated from the tables in the source by `npx -y pnpm@12 write-docs`; change them there. Every error is a `CloisterError` ' +
    'with a stable `code`, a `fix`\nand `retryable` (the last column: the same call may succeed later without a change). No error text holds a prompt, a document,\n' +
    'a key or words of the other side.\n';
  return { text: `${intro}\n${sections.join('\n')}`, problems };
}
