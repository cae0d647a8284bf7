import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CollateralCache } from '../collateral/collateral-store.ts';

const NAME = /^[0-9a-f]{64}$/;
const MAX_FILE = 16 * 1024 * 1024;

/**
 * A cache of collateral in a directory, one file an entry, replaced as a whole. Many processes may share it. Nothing in it
 * is secret, and nothing is trusted: what is read is checked again.
 * @param directory made when it does not exist
 */
export function createDiskCache(directory: string): CollateralCache {
  const path = (name: string): string => {
    if (!NAME.test(name)) throw new RangeError('a name has 64 hex digits');
    return join(directory, `${name}.json`);
  };
  return {
    async get(name) {
      try {
        const { size } = await stat(path(name));
        return size > MAX_FILE ? undefined : await readFile(path(name));
      } catch {
        return undefined;
      }
    },
    async put(name, entry) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const draft = join(directory, `${randomUUID()}.draft`);
      try {
        await writeDurably(draft, entry);
        await rename(draft, path(name));
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
  };
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
