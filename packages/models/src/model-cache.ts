import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { systemRandom, toHex } from '@cloister/core';
import { modelsError } from './errors.ts';
import type { ModelFile } from './model-manifest.ts';
import { verifyBytes } from './verified-bytes.ts';
import type { VerifiedBytes } from './verified-bytes.ts';

/** Where model files lie unless a call says otherwise: CLOISTER_CACHE, else `cloister` in the XDG cache; `models` in it. */
export function defaultCacheDirectory(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const { CLOISTER_CACHE: own, XDG_CACHE_HOME: shared } = environment;
  if (own !== undefined && own !== '') return join(own, 'models');
  // The XDG specification asks to ignore relative paths.
  const base = shared?.startsWith('/') === true ? shared : join(homedir(), '.cache');
  return join(base, 'cloister', 'models');
}

/** The place of a file, named by its content: two manifests that pin one file share it. */
export function cachedPath(directory: string, file: ModelFile): string {
  return join(directory, 'sha256', file.sha256);
}

/** Reads a file and hashes it before anybody uses it; `damaged` when it is there with other content. */
export async function readCached(directory: string, file: ModelFile): Promise<VerifiedBytes | 'absent' | 'damaged'> {
  const path = cachedPath(directory, file);
  try {
    const { size } = await stat(path);
    if (size !== file.bytes) return 'damaged';
    return verifyBytes(await readFile(path), file.sha256) ?? 'damaged';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'damaged';
  }
}

/**
 * Writes verified bytes under a name of their own, then renames: another process sees the whole file or none, and two
 * writers end with the same content.
 * @throws CloisterError `ERR_MODELS_CACHE`
 */
export async function writeCached(directory: string, file: ModelFile, bytes: VerifiedBytes): Promise<void> {
  const path = cachedPath(directory, file);
  const temporary = `${path}.${toHex(systemRandom(8))}.part`;
  try {
    await mkdir(join(directory, 'sha256'), { recursive: true, mode: 0o700 });
    await using handle = await open(temporary, 'wx', 0o600);
    await handle.writeFile(bytes);
    await handle.sync();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw modelsError('ERR_MODELS_CACHE', { subject: directory, cause: error });
  }
}
