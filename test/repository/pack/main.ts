import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageNames, readManifest } from '../check/modules.ts';
import { type Tarball, tryTarballs } from './consumer.ts';
import { execute, pnpm } from './execute.ts';
import { findTarballProblems } from './tarball-problems.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BIN = join(ROOT, 'node_modules/.bin');

/** Prints the outcome of one step; gives back whether it was good. */
function report(name: string, problems: readonly string[]): boolean {
  console.log(`${problems.length === 0 ? 'ok     ' : 'FAILED '} ${name}`);
  if (problems.length > 0) console.log(problems.map((line) => `  ${line}`).join('\n'));
  return problems.length === 0;
}

/** What a tool said when it failed; nothing when it succeeded. */
async function toolProblems(name: string, ...args: readonly string[]): Promise<readonly string[]> {
  const { status, output } = await execute(join(BIN, name), args, { cwd: ROOT, env: { NO_COLOR: '1' } });
  return status === 0 ? [] : [`${name} ended with status ${status}`, ...output.trimEnd().split('\n')];
}

/** Builds from nothing, so that no file of an earlier build is packed. */
async function build(): Promise<readonly string[]> {
  rmSync(join(ROOT, 'node_modules/.cache/tsbuildinfo'), { recursive: true, force: true });
  for (const name of packageNames(ROOT)) rmSync(join(ROOT, 'packages', name, 'dist'), { recursive: true, force: true });
  return toolProblems('tsc', '-b');
}

/** Packs one package and unpacks it again under `folder`. */
async function pack(
  name: string,
  folder: string,
): Promise<{ readonly tarball?: Tarball; readonly problems: readonly string[] }> {
  const destination = join(folder, 'tarballs', name);
  const content = join(folder, 'content', name);
  mkdirSync(destination, { recursive: true });
  mkdirSync(content, { recursive: true });
  const packed = await pnpm(['pack', '--pack-destination', destination], { cwd: join(ROOT, 'packages', name) });
  const [file] = readdirSync(destination);
  if (packed.status !== 0 || file === undefined)
    return { problems: ['pnpm pack failed', ...packed.output.trimEnd().split('\n')] };
  const path = join(destination, file);
  const unpacked = await execute('tar', ['-xzf', path, '-C', content], { cwd: ROOT });
  if (unpacked.status !== 0) return { problems: ['tar could not read the tarball', unpacked.output] };
  const tarball = { name: `@cloister/${name}`, file: path, manifest: readManifest(join(content, 'package')) };
  const problems = [
    ...findTarballProblems(join(content, 'package')),
    ...(await toolProblems('publint', 'run', path, '--strict')),
    ...(await toolProblems('attw', path, '--profile', 'esm-only')),
  ];
  return { tarball, problems };
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(
      'usage: npx -y pnpm@12 pack:check\nBuilds, packs every public package, judges the tarballs and uses them in a new project.',
    );
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'cloister-pack-'));
  try {
    if (!report('build', await build())) return 1;
    const names = packageNames(ROOT).filter((name) => readManifest(join(ROOT, 'packages', name)).private !== true);
    const tarballs: Tarball[] = [];
    let good = true;
    for (const name of names) {
      const { tarball, problems } = await pack(name, folder);
      good = report(`tarball of ${name}`, problems) && good;
      if (tarball !== undefined) tarballs.push(tarball);
    }
    const consumer = join(folder, 'consumer');
    mkdirSync(consumer);
    good = report('consumer in a project of its own', await tryTarballs(tarballs, consumer, ROOT)) && good;
    return good ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main(process.argv.slice(2));
