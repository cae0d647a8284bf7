#!/usr/bin/env node
// The door to every command of this repository. Plain JavaScript that an old Node can read, because its first job is to
// say what is missing; everything behind it is TypeScript that a newer Node runs from source.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BIN = join(ROOT, 'node_modules', '.bin');
const NEEDED = [22, 18];

const COMMANDS = {
  demo: { help: '[--json] [--vllm URL]  the hospital assistant, end to end', file: 'examples/hospital/main.ts' },
  test: { help: '[vitest arguments]  every test that needs no server', run: runTests },
  'test:vllm': { help: '[vitest arguments]  the chain against the vLLM at CLOISTER_VLLM_URL', run: runVllmTests },
  'test:qdrant': {
    help: '[vitest arguments]  the Qdrant store against the server at CLOISTER_QDRANT_URL',
    run: runQdrantTests,
  },
  'test:browser': {
    help: '[vitest arguments]  what runs in browsers, in the Chromium at CLOISTER_CHROMIUM or of this machine',
    run: runBrowserTests,
  },
  check: {
    help: '[step ...]  format, lint, types, levels, docstrings, packages, unused code',
    file: 'test/repository/check/main.ts',
  },
  bench: { help: '<suite> [--json]  plain against confidential, measured', folder: 'benchmarks', noun: 'suite' },
  evaluate: { help: '<name> [--json]  quality figures on a data set', folder: 'test/evaluate', noun: 'evaluation' },
  conformance: {
    help: '<area>  one JSON object a line in, one a line out',
    folder: 'test/conformance',
    noun: 'area',
    main: 'test/conformance/main.ts',
  },
  'gateway:simulated': {
    help: '[--vllm URL] [--port N]  a gateway under a simulated TEE',
    file: 'examples/gateway/main.ts',
  },
  cloister: {
    help: '<command>  the command line of Cloister, from source: verify, attest, gateway, doctor',
    file: 'packages/cli/src/main.ts',
  },
  'pack:check': {
    help: 'packs every package and tries the tarballs as a stranger would',
    file: 'test/repository/pack/main.ts',
  },
};

function usage() {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { help }]) => `  ${name.padEnd(width)}  ${help}`);
  return `usage: npx -y pnpm@12 <command> [arguments]\n\n${lines.join('\n')}\n\nEvery command answers --help.\n`;
}

/** Ends with a message on stderr: stdout belongs to the programs behind this door. */
function fail(status, ...lines) {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(status);
}

function isCurrent(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** Runs a program with this terminal; resolves to its exit status (128 + n after signal n). */
function execute(program, args, environment = {}) {
  return new Promise((resolve) => {
    const path = `${BIN}${delimiter}${process.env['PATH'] ?? ''}`;
    const child = spawn(program, args, {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, PATH: path, ...environment },
    });
    const forward = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
    child.on('error', (error) => fail(1, `cannot start ${program}: ${error.code}`));
    child.on('close', (status, signal) => resolve(status ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/** An old Node hands over to the one that the installation brought; without it, says what to do. */
async function handOver() {
  const bundled = join(BIN, 'node');
  if (existsSync(bundled) && process.env['CLOISTER_HANDED_OVER'] === undefined) {
    return execute(bundled, process.argv.slice(1), { CLOISTER_HANDED_OVER: '1' });
  }
  return fail(
    1,
    `This is Node ${process.versions.node}; the repository runs TypeScript from source and needs ${NEEDED.join('.')} or later.`,
    'On Linux (x64, arm64) the installation brings Node 24 as an optional dependency: run `npx -y pnpm@12 install` and try again.',
    `Elsewhere install Node 24, or any from ${NEEDED.join('.')} on.`,
  );
}

/** The programs of a folder by name: its TypeScript files, without tests and without what another file of it mentions. */
function programsIn(folder) {
  if (!existsSync(join(ROOT, folder))) return [];
  const files = readdirSync(join(ROOT, folder)).filter((name) => /^[a-z0-9-]+\.ts$/.test(name) && name !== 'main.ts');
  const texts = new Map(files.map((name) => [name, readFileSync(join(ROOT, folder, name), 'utf8')]));

  const mentions = (other, name) => ["'", '/'].some((before) => texts.get(other).includes(`${before}${name}'`));
  const isHelper = (name) => files.some((other) => other !== name && mentions(other, name));
  return files
    .filter((name) => !isHelper(name))
    .map((name) => name.slice(0, -'.ts'.length))
    .toSorted();
}

/** The file and arguments behind a command that takes a name: `bench chain` is benchmarks/chain.ts. */
function programOf(command, { folder, noun, main }, args) {
  const names = programsIn(folder);
  const [name, ...rest] = args;
  const known = `${noun}s: ${names.join(', ') || '(none yet)'}`;
  if (name === undefined || name === '--help') {
    fail(name === undefined ? 2 : 0, `usage: npx -y pnpm@12 -s ${command} ${COMMANDS[command].help}`, known);
  }
  if (!names.includes(name)) fail(2, `${command}: there is no ${noun} ${JSON.stringify(name)}`, known);
  return main === undefined ? [join(folder, `${name}.ts`), rest] : [main, args];
}

async function runProgram(file, args) {
  if (!existsSync(join(ROOT, file))) return fail(2, `${file} does not exist in this checkout.`);
  return execute(process.execPath, [...typeStripping(), join(ROOT, file), ...args]);
}

/** Node 22 still warns about running TypeScript; later ones do not. */
function typeStripping() {
  return process.versions.node.startsWith('22.') ? ['--disable-warning=ExperimentalWarning'] : [];
}

async function runTests(args) {
  if (args.includes('--help')) return execute(join(BIN, 'vitest'), ['--help']);
  const prepared = await execute(process.execPath, [
    ...typeStripping(),
    join(ROOT, 'test/repository/prepare-models.ts'),
  ]);
  if (prepared !== 0) return prepared;
  if (process.env['CLOISTER_VLLM_URL'] === undefined) {
    process.stderr.write(
      'test: the lane against a real vLLM is left out; set CLOISTER_VLLM_URL and run test:vllm for it\n',
    );
  }
  return execute(join(BIN, 'vitest'), ['run', ...args]);
}

/** Vitest takes any of several paths: a folder besides the paths given would widen them again. */
function within(folder, args) {
  return args.some((argument) => !argument.startsWith('-')) ? args : [folder, ...args];
}

async function runVllmTests(args) {
  if (args.includes('--help')) return execute(join(BIN, 'vitest'), ['--help']);
  const url = process.env['CLOISTER_VLLM_URL'];
  if (url === undefined || !URL.canParse(url)) {
    return fail(2, 'test:vllm needs the address of a running vLLM: CLOISTER_VLLM_URL=http://127.0.0.1:8000/v1');
  }
  // One file at a time: the server answers on one core, and requests that wait for each other look as if they hung.
  const patience = ['--no-file-parallelism', '--testTimeout=600000', '--hookTimeout=300000'];
  return execute(join(BIN, 'vitest'), ['run', ...within('test/vllm', args), ...patience]);
}

async function runQdrantTests(args) {
  if (args.includes('--help')) return execute(join(BIN, 'vitest'), ['--help']);
  const url = process.env['CLOISTER_QDRANT_URL'];
  if (url === undefined || !URL.canParse(url)) {
    return fail(2, 'test:qdrant needs the address of a running Qdrant: CLOISTER_QDRANT_URL=http://127.0.0.1:6333');
  }
  return execute(join(BIN, 'vitest'), ['run', ...within('packages/retriever/src/qdrant', args)]);
}

async function runBrowserTests(args) {
  if (args.includes('--help')) return execute(join(BIN, 'vitest'), ['--help']);
  const program =
    process.env['CLOISTER_CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
  if (program === undefined || !existsSync(program)) {
    process.stderr.write('SKIPPED: test:browser: there is no Chromium here; install it, or set CLOISTER_CHROMIUM\n');
    return 0;
  }
  return execute(join(BIN, 'vitest'), ['run', ...within('test/browser', args)], { CLOISTER_CHROMIUM: program });
}

async function main([command, ...given]) {
  if (command === undefined || command === '--help') {
    (command === undefined ? process.stderr : process.stdout).write(usage());
    return command === undefined ? 2 : 0;
  }
  const entry = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (entry === undefined) return fail(2, `there is no command ${JSON.stringify(command)}`, usage());
  if (!isCurrent(process.versions.node)) return handOver();
  if (!existsSync(join(BIN, 'vitest'))) {
    return fail(1, 'The dependencies are not installed: run `npx -y pnpm@12 install` here and look at what it says.');
  }
  const args = given[0] === '--' ? given.slice(1) : given;
  if (entry.run !== undefined) return entry.run(args);
  return runProgram(...(entry.folder === undefined ? [entry.file, args] : programOf(command, entry, args)));
}

process.exitCode = await main(process.argv.slice(2));
