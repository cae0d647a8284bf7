import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { execute, type Execution } from './pack/execute.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

function door(args: readonly string[], program: string = process.execPath): Promise<Execution> {
  return execute(program, ['test/repository/run.mjs', ...args], { cwd: ROOT });
}

describe('the door to every command', () => {
  test.each([
    [[], 2],
    [['nonsense'], 2],
    [['constructor'], 2],
    [['bench'], 2],
    [['bench', 'nonsense'], 2],
    [['bench', '../test/repository/run'], 2],
    [['conformance', 'main'], 2],
    [['evaluate', 'nonsense', '--json'], 2],
  ])('%j is refused, and says on stderr what exists', async (args, status) => {
    const run = await door(args);
    expect(run).toMatchObject({ status, stdout: '' });
    expect(run.output).toMatch(/usage:|: /);
  });

  test.each([
    ['--help'],
    ['conformance', '--help'],
    ['bench', '--help'],
    ['check', '--help'],
    ['pack:check', '--help'],
  ])('%j %j helps', async (...args) => {
    const run = await door(args.filter((arg) => arg !== undefined));
    expect(run.status).toBe(0);
    expect(run.output).toContain('usage: npx -y pnpm@12');
  });

  test('needs an address for the lane against a real vLLM', async () => {
    const run = await execute(process.execPath, ['test/repository/run.mjs', 'test:vllm'], {
      cwd: ROOT,
      env: { CLOISTER_VLLM_URL: 'nonsense' },
    });
    expect(run.status).toBe(2);
    expect(run.output).toContain('CLOISTER_VLLM_URL=');
  });
});

describe('the conformance program', () => {
  const lines = '{"id":1,"kind":"nonsense"}\nnot json\n{"id":2,"kind":"jcs","input":"{\\"b\\":1,\\"a\\":2}"}\n';

  test('answers one line for each line and nothing else', async () => {
    const command = `printf '%s' '${lines}' | "${process.execPath}" test/repository/run.mjs conformance audit`;
    const { status, stdout } = await execute('bash', ['-c', command], { cwd: ROOT });
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(status).toBe(0);
    expect(answers).toHaveLength(3);
    expect(answers[0]).toMatchObject({ id: 1, ok: false });
    expect(answers[1]).toEqual({ ok: false, code: 'ERR_CONFORMANCE_MALFORMED_LINE' });
    expect(answers[2]).toEqual({ id: 2, ok: true, value: '{"a":2,"b":1}' });
  });

  test('ends quietly when nobody reads its answers any more', async () => {
    const command = `yes nonsense | "${process.execPath}" test/repository/run.mjs conformance audit | head -n 3`;
    const { status, output } = await execute('bash', ['-c', command], { cwd: ROOT });
    expect(status).toBe(0);
    expect(output.trimEnd().split('\n')).toHaveLength(3);
  });
});
