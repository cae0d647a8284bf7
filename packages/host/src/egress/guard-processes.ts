import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { extname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import workerThreads, { type Worker, type WorkerOptions } from 'node:worker_threads';
import { hostError } from '../errors.ts';

/**
 * Refuses child processes but the programs that are named: others would not be guarded. Only Node's permission model makes
 * that hold against code that looks for a way around.
 * @param programs absolute paths; they can be started in the background only
 */
export function refuseChildProcesses(programs: readonly string[], onRefusal: () => void): void {
  const refusal = (): never => {
    onRefusal();
    throw hostError('ERR_HOST_EGRESS_PROCESS');
  };
  const children = childProcess.ChildProcess.prototype as unknown as { spawn: Spawn };
  const { spawn } = children;
  children.spawn = function guardedSpawn(options) {
    return programs.includes(options.file) ? spawn.call(this, options) : refusal();
  };
  Object.assign(childProcess, { spawnSync: refusal, execSync: refusal, execFileSync: refusal });
  syncBuiltinESMExports();
}

type Spawn = (this: unknown, options: { readonly file: string }) => unknown;

/** Whether Node itself stops this process from starting others. */
export function isChildProcessDenied(): boolean {
  const { permission } = process as { readonly permission?: { has(scope: string): boolean } };
  return permission !== undefined && !permission.has('child');
}

/** Where a worker thread finds the list. */
export const WORKER_LIST = 'cloister.egress';

/**
 * Makes every worker thread that is started from now on guard itself before it runs anything else.
 * @param allow the entries of the list
 */
export function guardWorkers(allow: readonly string[]): void {
  const preload = fileURLToPath(new URL(`guard-worker${extname(import.meta.url)}`, import.meta.url));
  workerThreads.setEnvironmentData(WORKER_LIST, [...allow]);
  const Original = workerThreads.Worker;
  class GuardedWorker extends Original {
    constructor(file: string | URL, options: WorkerOptions = {}) {
      super(file, { ...options, ...withPreload(options, preload) });
    }
  }
  Object.assign(workerThreads, { Worker: GuardedWorker satisfies typeof Worker });
  syncBuiltinESMExports();
}

/** `--require` runs before evaluated code too. Through NODE_OPTIONS the flags of this process stay in force. */
function withPreload({ env, execArgv = [] }: WorkerOptions, preload: string): WorkerOptions {
  if (env === workerThreads.SHARE_ENV) return { execArgv: [...execArgv, '--require', preload] };
  const own = env ?? process.env;
  const quoted = `"${preload.replaceAll(/["\\]/g, '\\$&')}"`;
  return { env: { ...own, NODE_OPTIONS: `${own['NODE_OPTIONS'] ?? ''} --require=${quoted}`.trim() } };
}
