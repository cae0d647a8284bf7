import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What ties a file to one machine. Only the CI script may know what lies beside the clone. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/(?:^|[\s"'`(=])\/(?:work|root|home)\//, 'names a path of one machine'],
  [/\.\.\/shared\b/, 'names a folder outside the repository'],
];

const EXEMPT = /^(?:\.ci\/run|test\/vectors\/.*|pnpm-lock\.yaml|test\/repository\/check\/wording(?:\.test)?\.ts)$/;

/** One line for each place of a text that ties it to one machine. */
export function findWording(path: string, text: string): readonly string[] {
  if (EXEMPT.test(path)) return [];
  return text
    .split('\n')
    .flatMap((line, index) =>
      FORBIDDEN.filter(([pattern]) => pattern.test(line)).map(([, problem]) => `${path}:${index + 1}: ${problem}`),
    );
}

/** The same for every tracked file of the repository. */
export function findWordingProblems(root: string): readonly string[] {
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
    .toString()
    .split('\0')
    .filter((path) => /\.(?:ts|mjs|js|json|md|ya?ml|sh)$/.test(path));
  return tracked.flatMap((path) => {
    try {
      return findWording(path, readFileSync(join(root, path), 'utf8'));
    } catch {
      return [];
    }
  });
}
