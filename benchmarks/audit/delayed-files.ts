import * as fs from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogFiles } from '@cloister/audit/node';

/** The file system of a disk whose syncs take so many milliseconds longer. */
export function createDelayedFiles(milliseconds: number): LogFiles {
  return {
    ...fs,
    async open(...given: Parameters<typeof fs.open>) {
      const handle = await fs.open(...given);
      const datasync = handle.datasync.bind(handle);
      handle.datasync = async () => {
        await datasync();
        await sleep(milliseconds);
      };
      return handle;
    },
  };
}
