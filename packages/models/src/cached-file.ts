import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fromHex, equalBytes, sha256 } from '@cloister/core';
import { modelsError } from './errors.ts';
import type { ModelFile } from './manifest.ts';

/** Whether these are the pinned bytes. */
export function isPinned(file: ModelFile, bytes: Uint8Array): boolean {
  return bytes.length === file.bytes && equalBytes(sha256(bytes), fromHex(file.sha256));
}

/**
 * The pinned bytes from the cache, or `undefined` when there is no such file.
 * @throws CloisterError `ERR_MODELS_DIGEST_MISMATCH` when the file is there but is another one
 */
export async function readCachedFile(directory: string, file: ModelFile): Promise<Uint8Array | undefined> {
  const path = join(directory, file.name);
  const size = await stat(path).then(
    (entry) => entry.size,
    () => undefined,
  );
  if (size === undefined) return undefined;
  const bytes = size === file.bytes ? await readFile(path) : new Uint8Array();
  if (!isPinned(file, bytes)) throw modelsError('ERR_MODELS_DIGEST_MISMATCH', { subject: path });
  return bytes;
}

/**
 * Checks bytes against their pin and puts them into the cache in one step, so that no process ever sees half a file.
 * @throws CloisterError `ERR_MODELS_DIGEST_MISMATCH`, `ERR_MODELS_CACHE_UNWRITABLE`
 */
export async function writeCachedFile(directory: string, file: ModelFile, bytes: Uint8Array): Promise<void> {
  if (!isPinned(file, bytes)) throw modelsError('ERR_MODELS_DIGEST_MISMATCH', { subject: file.name });
  const path = join(directory, file.name);
  const partial = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(partial, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw modelsError('ERR_MODELS_CACHE_UNWRITABLE', { cause: error, subject: path });
  }
}
