import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createScratchRepository } from '../check/scratch-repository.ts';
import { execute, type Execution } from '../pack/execute.ts';

async function runOn(program: string, document: unknown, ...args: readonly string[]): Promise<Execution> {
  using folder = createScratchRepository({});
  const file = join(folder.root, 'document.json');
  writeFileSync(file, JSON.stringify(document));
  const path = fileURLToPath(new URL(program, import.meta.url));
  return await execute(process.execPath, [path, file, ...args], { cwd: folder.root });
}

describe('count-tests', () => {
  const counts = async (passed: number, failed: number, status: string): Promise<string> => {
    const document = { numPassedTests: passed, numFailedTests: failed, numPendingTests: 0, testResults: [] };
    return (await runOn('./count-tests.mjs', document, status)).stdout;
  };

  test('passes the counts of vitest on', async () => {
    expect(await counts(12, 0, '0')).toBe('12 0\n');
    expect(await counts(12, 3, '1')).toBe('12 3\n');
  });

  test('counts a run that fails without a failed test, and one without any test, as a failure', async () => {
    expect(await counts(12, 0, '1')).toBe('12 1\n');
    expect(await counts(0, 0, '0')).toBe('0 1\n');
  });
});

test('count-tests names the tests that failed', async () => {
  const assertionResults = [
    { status: 'passed', fullName: 'adds' },
    { status: 'failed', fullName: 'sum > carries' },
  ];
  const testResults = [{ name: 'sum.test.ts', assertionResults }];
  const document = { numPassedTests: 1, numFailedTests: 1, numPendingTests: 0, testResults };
  expect((await runOn('./count-tests.mjs', document, '1')).stdout).toMatch(/^1 1\n\S*sum\.test\.ts: sum > carries\n$/);
});

describe('validate-demo', () => {
  const attacks = Array.from({ length: 4 }, (_, index) => ({
    name: `attack ${index}`,
    refused: true,
    code: 'ERR_CHANNEL_TRUNCATED',
  }));
  const good = {
    verdict: { simulated: true, text: 'SIMULATED' },
    arrows: [{ name: 'evidence' }],
    answer: 'She takes it daily [1].',
    citations: [{ number: 1 }],
    receipt: { verified: true },
    attacks,
    overhead: { percent: 12 },
  };

  test('accepts a demo that shows what it must', async () => {
    expect(await runOn('./validate-demo.mjs', good)).toMatchObject({ status: 0 });
  });

  test.each([
    ['a verdict that hides that it is simulated', { verdict: { text: 'ACCEPTED' } }],
    ['no arrows', { arrows: [] }],
    ['no answer', { answer: '' }],
    ['no citations', { citations: [] }],
    ['a receipt that was not verified', { receipt: { verified: false } }],
    ['three attacks', { attacks: attacks.slice(1) }],
    ['an attack that succeeded', { attacks: [{ ...attacks[0], refused: false }, ...attacks.slice(1)] }],
    ['an attack refused without a code', { attacks: [{ name: 'cut', refused: true }, ...attacks.slice(1)] }],
    ['no overhead', { overhead: null }],
  ])('refuses %s', async (_name, change) => {
    expect(await runOn('./validate-demo.mjs', { ...good, ...change })).toMatchObject({ status: 1 });
  });
});
