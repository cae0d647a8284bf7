import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../../packages/audit/src/verifier/', import.meta.url));

/** What each file needs stands before it. */
const ORDER = ['fail', 'hash', 'tree', 'checkpoint', 'segments', 'event', 'epoch', 'tiles', 'verify', 'main'];

const IMPORT = /^import (?:type )?\{([^}]+)\} from '([^']+)';\n|^import (\w+) from '([^']+)';\n/gm;

/** The sources of the verifier as one file of plain JavaScript: imports of Node first, then every file without types. */
export function bundleVerifier(): string {
  const named = new Map<string, Set<string>>();
  const whole = new Set<string>();
  const bodies = ORDER.map((name) => {
    const source = readFileSync(`${SOURCE}${name}.ts`, 'utf8');
    for (const [, names, from = '', single, module] of source.matchAll(IMPORT)) {
      if (single !== undefined) whole.add(`import ${single} from '${module}';`);
      if (!from.startsWith('node:')) continue;
      const known = named.get(from) ?? new Set();
      for (const part of names?.split(',') ?? []) known.add(part.trim());
      named.set(from, known);
    }
    const code = stripTypes(source.replaceAll(IMPORT, '')).replaceAll(/^export /gm, '');
    return code
      .replaceAll(/[ \t]+$/gm, '')
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim();
  });
  const byName = (left: string, right: string): number => (left < right ? -1 : 1);
  const imports = [...named.keys()]
    .toSorted(byName)
    .map((from) => `import { ${[...(named.get(from) ?? [])].toSorted(byName).join(', ')} } from '${from}';`);
  return `#!/usr/bin/env node\n${[...imports, ...whole].join('\n')}\n\n${bodies.join('\n\n')}\n`;
}

/** Node warns that this is experimental: its version is pinned, and the outcome is in the repository. Other warnings are shown. */
function stripTypes(source: string): string {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).startsWith(stripTypeScriptTypes.name))
      Reflect.apply(emitWarning, undefined, [warning, ...rest]);
  };
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
