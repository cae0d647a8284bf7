import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findDependencyProblems } from './dependencies.ts';
import { renderErrorReference } from './error-reference.ts';

const ERRORS = 'docs/reference/errors.md';

/** One line for each document that has fallen behind the source it is made from. */
export function findDocsProblems(root: string): readonly string[] {
  const file = join(root, ERRORS);
  const { text, problems } = renderErrorReference(root);
  const stale = !existsSync(file) || readFileSync(file, 'utf8') !== text;
  return [...problems, ...(stale ? [`${ERRORS} is out of date`] : []), ...findDependencyProblems(root)];
}

/** Writes the generated documents anew; gives their paths back. */
export function writeDocs(root: string): readonly string[] {
  const file = join(root, ERRORS);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, renderErrorReference(root).text);
  return [ERRORS];
}
