import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { analyse } from 'scslre';

/** The folders whose expressions read text of strangers. */
const FOLDERS = ['packages/redaction/src'];

/**
 * What makes an expression slow on some text: two unbounded repeats that can take the same characters, or one that is tried
 * again at every place. Empty when its time is linear.
 */
export function findSlowRepeats(expression: RegExp): readonly string[] {
  return analyse({ source: expression.source, flags: expression.flags }).reports.map(({ type }) => type);
}

/** One line for every regular expression literal of those folders that has overlapping unbounded repeats. */
export function findExpressionProblems(root: string): readonly string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .flatMap((name) => findInFile(join(folder, name), readFileSync(join(root, folder, name), 'utf8'))),
  );
}

function findInFile(path: string, source: string): string[] {
  return literalsOf(parseSync(path, source).program).flatMap((literal) =>
    findSlowRepeats(literal).length === 0
      ? []
      : [`${path}: ${String(literal).slice(0, 60)} has overlapping unbounded repeats`],
  );
}

function literalsOf(node: unknown): RegExp[] {
  if (Array.isArray(node)) return node.flatMap(literalsOf);
  if (typeof node !== 'object' || node === null) return [];
  const { type, regex } = node as { type?: string; regex?: { pattern: string; flags: string } };
  if (type === 'Literal' && regex !== undefined) return [new RegExp(regex.pattern, regex.flags)];
  return Object.values(node).flatMap(literalsOf);
}
