import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program of a benchmark in a process of its own, so that its work is counted apart. */
export interface ChildProcess extends AsyncDisposable {
  /** Its first line: where it listens. */
  readonly line: string;
  /** CPU milliseconds so far, user and system, all threads (Linux, /proc). */
  cpu(): number;
  /** Resident MiB now. */
  resident(): number;
}

/** Ticks per second of /proc on every Linux that Node runs on. */
const TICKS = 100;

/** Starts `program`, a file beside this one; it ends when its standard input does. */
export async function startChild(program: string, ...args: readonly string[]): Promise<ChildProcess> {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const status = (name: string): string => readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
  return {
    line,
    cpu() {
      const fields = status('stat').split(') ')[1]?.split(' ') ?? [];
      return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
    },
    resident: () => Number(/VmRSS:\s+(\d+)/.exec(status('status'))?.[1]) / 1024,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
