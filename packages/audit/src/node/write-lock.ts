import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { auditError } from '../errors.ts';
import { systemCode } from './log-directory.ts';
import type { LogDirectory, LogFiles } from './log-directory.ts';

/** Gives the lock back. */
export type ReleaseLock = () => Promise<void>;

/**
 * Makes this process the one writer of a directory. The lock file names boot, process and its start, so that what a
 * crashed writer left behind is told from a living one. Processes that cannot see each other (containers that share a
 * volume) are not told apart.
 * @throws CloisterError `ERR_AUDIT_LOCKED`
 */
export async function acquireWriteLock(directory: LogDirectory): Promise<ReleaseLock> {
  const { files } = directory;
  const path = directory.path('lock');
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  await files.writeFile(temporary, describeProcess(process.pid) ?? '', { flag: 'wx', mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (await linkIfAbsent(files, temporary, path)) return () => files.unlink(path);
      await removeStaleLock(files, path);
    }
  } finally {
    await files.unlink(temporary);
  }
  throw auditError('ERR_AUDIT_LOCKED');
}

async function linkIfAbsent(files: LogFiles, from: string, to: string): Promise<boolean> {
  try {
    await files.link(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function removeStaleLock(files: LogFiles, path: string): Promise<void> {
  const owner = await readOwner(files, path);
  if (owner === undefined) return;
  const process = Number(owner.split(' ')[1]);
  if (describeProcess(process) === owner) throw auditError('ERR_AUDIT_LOCKED');
  const aside = `${path}.${randomBytes(6).toString('hex')}.stale`;
  await files.rename(path, aside);
  // Somebody else may have replaced the stale lock between the two calls: give theirs back.
  if ((await readOwner(files, aside)) !== owner) await linkIfAbsent(files, aside, path);
  await files.unlink(aside);
}

async function readOwner(files: LogFiles, path: string): Promise<string | undefined> {
  try {
    return await files.readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** `boot process start`, or `undefined` when no such process lives. Without /proc the last and first are `-`. */
function describeProcess(id: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const status = readFileSync(`/proc/${id}/stat`, 'utf8');
    // Field 22 of proc(5), counted after the command, which may itself hold spaces and parentheses.
    return `${boot} ${id} ${status.slice(status.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return process.platform !== 'linux' && isAlive(id) ? `- ${id} -` : undefined;
  }
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}
