import * as fs from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogFiles } from '@cloister/audit/node';

/** The file system of a disk whose writes to segments, each of which is durable when it returns, take so many milliseconds longer. */
export function createDelayedFiles(milliseconds: number): LogFiles {
  return {
    ...fs,
    async open(...given: Parameters<typeof fs.open>) {
      const handle = await fs.open(...given);
      const write = handle.write.bind(handle) as (...parts: readonly unknown[]) => Promise<unknown>;
      return Object.assign(handle, {
        async write(...parts: readonly unknown[]) {
          const result = await write(...parts);
          await sleep(milliseconds);
          return result;
        },
      });
    },
  };
}
