import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A repository in a temporary folder, for checks to judge. Gone when it leaves its scope. */
export interface ScratchRepository extends Disposable {
  readonly root: string;
}

/** Writes files by path; objects become JSON. */
export function createScratchRepository(files: Readonly<Record<string, string | object>>): ScratchRepository {
  const root = mkdtempSync(join(tmpdir(), 'cloister-check-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

/** The package.json of a package whose `.` entry is src/index.ts. */
export function manifestOf(name: string, dependencies: readonly string[] = [], extra: object = {}): object {
  return {
    name: `@cloister/${name}`,
    exports: { '.': './src/index.ts' },
    dependencies: Object.fromEntries(dependencies.map((other) => [`@cloister/${other}`, 'workspace:*'])),
    ...extra,
  };
}
