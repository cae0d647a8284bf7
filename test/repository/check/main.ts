import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findDocsProblems, writeDocs } from './docs.ts';
import { findDocstringProblems } from './docstrings.ts';
import { findExpressionProblems } from './expressions.ts';
import { findLevelProblems } from './levels.ts';
import { findPackageProblems } from './packages.ts';
import { findWordingProblems } from './wording.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Step {
  readonly name: string;
  readonly fix: string;
  run(): Promise<readonly string[]>;
}

/** Runs a tool of node_modules; its output, line by line, when it fails. */
function tool(name: string, ...args: readonly string[]): () => Promise<readonly string[]> {
  return () =>
    new Promise((resolve) => {
      const child = spawn(join(ROOT, 'node_modules/.bin', name), args, {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const chunks: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
      child.on('error', () => resolve([`${name} could not be started: run npx -y pnpm@12 install`]));
      child.on('close', (status) => {
        const text = Buffer.concat(chunks).toString().trimEnd();
        resolve(status === 0 ? [] : [...text.split('\n'), `${name} ended with status ${status}`]);
      });
    });
}

const STEPS: readonly Step[] = [
  { name: 'format', fix: 'run npx -y pnpm@12 format', run: tool('oxfmt', '--check') },
  { name: 'lint', fix: 'change the code; .oxlintrc.json holds the rules', run: tool('oxlint', '--format=unix') },
  {
    name: 'types',
    fix: 'change the types; one program covers the whole repository',
    run: tool('tsc', '-p', 'tsconfig.check.json'),
  },
  {
    name: 'build',
    fix: 'exports need explicit types, packages need their project references',
    run: tool('tsc', '-b'),
  },
  {
    name: 'levels',
    fix: 'import from a lower level, or declare the interface in core: CONTRIBUTING.md',
    run: async () => findLevelProblems(ROOT),
  },
  {
    name: 'docstrings',
    fix: 'say above the export what it is: shapes, units, errors, the section of the standard',
    run: async () => findDocstringProblems(ROOT),
  },
  {
    name: 'expressions',
    fix: 'bound the repeats of the expression, or fix where it may begin',
    run: async () => findExpressionProblems(ROOT),
  },
  { name: 'packages', fix: 'CONTRIBUTING.md, "Add a package"', run: async () => findPackageProblems(ROOT) },
  {
    name: 'docs',
    fix: 'run npx -y pnpm@12 write-docs; edit docs/dependencies.md by hand',
    run: async () => findDocsProblems(ROOT),
  },
  {
    name: 'wording',
    fix: 'say it so that it holds on every machine',
    run: async () => findWordingProblems(ROOT),
  },
  {
    name: 'unused',
    fix: 'remove it, or name it in knip.json',
    run: tool('knip', '--no-progress', '--no-config-hints'),
  },
];

async function runStep(step: Step): Promise<boolean> {
  const started = performance.now();
  const problems = await step.run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const count = problems.length === 0 ? 'ok' : 'FAILED';
  console.log(`${count.padEnd(7)} ${step.name.padEnd(11)} ${seconds.padStart(6)} s`);
  if (problems.length > 0) console.log(`${problems.map((line) => `  ${line}`).join('\n')}\n  how to fix: ${step.fix}`);
  return problems.length === 0;
}

async function main(args: readonly string[]): Promise<number> {
  const names = STEPS.map(({ name }) => name);
  if (args.includes('--help')) {
    console.log(`usage: npx -y pnpm@12 check [step ...]\nsteps: ${names.join(', ')}`);
    return 0;
  }
  if (args.includes('--write-docs')) {
    console.log(`wrote ${writeDocs(ROOT).join(', ')}`);
    return 0;
  }
  const unknown = args.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    console.error(`check: there is no step ${JSON.stringify(unknown)}\nsteps: ${names.join(', ')}`);
    return 2;
  }
  const chosen = STEPS.filter(({ name }) => args.length === 0 || args.includes(name));
  const failed: string[] = [];
  for (const step of chosen) if (!(await runStep(step))) failed.push(step.name);
  console.log(failed.length === 0 ? `${chosen.length} steps passed` : `failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
