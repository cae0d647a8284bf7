import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { COMMANDS } from './index.ts';

const cli = new URL('../run-cli.ts', import.meta.url).href;
const list = new URL('./index.ts', import.meta.url).href;

/** The packages of ours that a program loads, in a process of its own. */
function packagesOf(program: string): string {
  const watched = `import { registerHooks } from 'node:module';
    const seen = new Set();
    registerHooks({ load: (url, context, next) => {
      seen.add(/\\/packages\\/([a-z]+)\\/src\\//.exec(url)?.[1]);
      return next(url, context);
    } });
    ${program}
    seen.delete(undefined);
    console.log([...seen].toSorted().join(' '));`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', watched], { encoding: 'utf8' }).trim();
}

it('loads no package of another command', () => {
  expect(packagesOf(`await import('${cli}');`)).toBe('cli core');
  const load = `const { COMMANDS } = await import('${list}'); await COMMANDS.find(({ name }) => name === 'redact').load();`;
  expect(packagesOf(load)).toBe('cli core redaction');
});

it.each(COMMANDS)('knows how to use $name', async (entry) => {
  const { details, options } = await entry.load();
  expect(details.length).toBeGreaterThan(0);
  for (const { help } of Object.values(options)) expect(help.length).toBeGreaterThan(0);
});
