import * as fs from 'node:fs/promises';
import type { LogFiles } from '@cloister/audit/node';

/** One call that a log makes to the file system. */
export interface FileCall {
  /** Its place among all calls, from 0. */
  readonly index: number;
  /** `open`, `write`, `datasync`, … */
  readonly name: string;
  readonly path: string;
}

/** What happens instead of a call: a system error, or a wait before it goes on. */
export type Fault = { readonly code: 'EIO' | 'ENOSPC' } | { readonly until: Promise<void> };

/** The file system with faults: `decide` is asked before every call of files and of open handles. */
export function createFaultyFiles(decide: (call: FileCall) => Fault | undefined): LogFiles {
  let index = 0;
  const before = async (name: string, path: string): Promise<void> => {
    const fault = decide({ index: index++, name, path });
    if (fault === undefined) return;
    if ('until' in fault) await fault.until;
    else throw Object.assign(new Error(`injected ${fault.code}`), { code: fault.code });
  };
  const wrap =
    (name: keyof LogFiles) =>
    async (path: string, ...rest: readonly unknown[]): Promise<unknown> => {
      await before(name, path);
      const result = await (fs[name] as (...given: readonly unknown[]) => Promise<unknown>)(path, ...rest);
      return name === 'open' ? wrapHandle(result as fs.FileHandle, path, before) : result;
    };
  const names = [
    'link',
    'mkdir',
    'open',
    'readdir',
    'readFile',
    'rename',
    'rm',
    'stat',
    'unlink',
    'writeFile',
  ] as const satisfies readonly (keyof LogFiles)[];
  return Object.fromEntries(names.map((name) => [name, wrap(name)])) as unknown as LogFiles;
}

const HANDLE_CALLS = new Set(['read', 'write', 'writeFile', 'datasync', 'sync', 'truncate', 'stat']);

function wrapHandle(
  handle: fs.FileHandle,
  path: string,
  before: (name: string, path: string) => Promise<void>,
): fs.FileHandle {
  return new Proxy(handle, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const call = member.bind(target) as (...given: readonly unknown[]) => unknown;
      if (typeof name !== 'string' || !HANDLE_CALLS.has(name)) return call;
      return async (...given: readonly unknown[]) => {
        await before(name, path);
        return call(...given);
      };
    },
  });
}
