import { spawn } from 'node:child_process';

/** How a program ended and what it wrote. */
export interface Execution {
  readonly status: number | null;
  readonly stdout: string;
  /** stdout and stderr, interleaved as they came. */
  readonly output: string;
}

/** Where and with what a program runs. */
export interface ExecuteOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end. Does not throw: a program that cannot start has status `null`. */
export function execute(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: ExecuteOptions,
): Promise<Execution> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const all: Buffer[] = [];
    const out: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      all.push(chunk);
      out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => all.push(chunk));
    const finish = (status: number | null, note = ''): void =>
      resolve({ status, stdout: Buffer.concat(out).toString(), output: Buffer.concat(all).toString() + note });
    child.on('error', () => finish(null, `${program} could not be started\n`));
    child.on('close', (status) => finish(status));
  });
}

/** The pnpm that runs this script, or the one that npx brings. */
export function pnpm(args: readonly string[], options: ExecuteOptions): Promise<Execution> {
  const running = process.env['npm_execpath'] ?? '';
  return /pnpm(?:\.exe)?$/.test(running)
    ? execute(running, args, options)
    : execute('npx', ['-y', 'pnpm@12', ...args], options);
}
