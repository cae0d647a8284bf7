import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { tenancyError } from '../errors.ts';

/** The largest file a key directory holds, in bytes. */
const MAX_FILE = 4096;

const KEK_FILE = /^kek-([1-9][0-9]{0,3})\.json$/;

/** Where files are written before they get their name: apart from the keys, so that no one reads through those for left-overs. */
const UNFINISHED = 'unfinished';

/** The file that describes a generation of the key-encryption key, and marks a directory as ours. */
export function kekFile(generation: number): string {
  return `kek-${generation}.json`;
}

/** The newest generation that a directory holds a description of; `undefined` when it is new. */
export async function newestKekFile(directory: string): Promise<number | undefined> {
  const names = await guarded(() => readdir(directory));
  const generations = names.flatMap((name) => KEK_FILE.exec(name)?.[1] ?? []).map(Number);
  return generations.length === 0 ? undefined : Math.max(...generations);
}

/**
 * Makes the directory with mode 0700, or tightens one that is empty or already holds keys.
 * @throws CloisterError `ERR_TENANCY_KEY_STORE` when others may enter it and it holds something else
 */
export async function prepareDirectory(directory: string): Promise<void> {
  await guarded(async () => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    if (((await stat(directory)).mode & 0o077) !== 0) {
      const names = await readdir(directory);
      if (names.length > 0 && !names.some((name) => KEK_FILE.test(name))) throw tenancyError('ERR_TENANCY_KEY_STORE');
      await chmod(directory, 0o700);
    }
    await mkdir(join(directory, UNFINISHED), { recursive: true, mode: 0o700 });
  });
}

/** The file's bytes, at most 4096; `undefined` when there is none. */
export async function readKeyFile(directory: string, name: string): Promise<Uint8Array | undefined> {
  return guarded(async () => {
    try {
      await using file = await open(join(directory, name), 'r');
      if ((await file.stat()).size > MAX_FILE) throw tenancyError('ERR_TENANCY_TAMPERED');
      return Uint8Array.from(await file.readFile());
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

/** As `readKeyFile`, of a file that may have been erased: that is none. */
export async function readErasableFile(directory: string, name: string): Promise<Uint8Array | undefined> {
  const bytes = await readKeyFile(directory, name);
  return bytes === undefined || isErased(bytes) ? undefined : bytes;
}

/** Whether `eraseKeyFile` overwrote these bytes: zeros alone are never stored. */
function isErased(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte) => byte === 0);
}

/**
 * Writes the file with mode 0600 unless it exists; resolves to what is there afterwards. The bytes are on disk before
 * the name exists, so that nobody reads half a key, and the name is on disk before this resolves.
 * @throws CloisterError `ERR_TENANCY_NOT_A_KEY` for zeros alone, `ERR_TENANCY_KEY_DESTROYED` when it was erased and a power
 *   cut kept its name
 */
export async function putKeyFileIfAbsent(directory: string, name: string, bytes: Uint8Array): Promise<Uint8Array> {
  return guarded(async () => {
    if (isErased(bytes)) throw tenancyError('ERR_TENANCY_NOT_A_KEY');
    const path = join(directory, name);
    const temporary = await writeUnfinished(directory, name, bytes);
    try {
      await link(temporary, path);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    } finally {
      await unlink(temporary);
    }
    await syncDirectory(directory);
    const stored = await readKeyFile(directory, name);
    if (stored === undefined) throw tenancyError('ERR_TENANCY_KEY_STORE');
    if (isErased(stored)) throw tenancyError('ERR_TENANCY_KEY_DESTROYED');
    return stored;
  });
}

/**
 * Puts other bytes in the place of a file's, at once and durably. When the file has just been removed it may exist again
 * afterwards: the caller looks whether it was to be destroyed.
 */
export async function replaceKeyFile(directory: string, name: string, bytes: Uint8Array): Promise<void> {
  await guarded(async () => {
    await rename(await writeUnfinished(directory, name, bytes), join(directory, name));
    await syncDirectory(directory);
  });
}

/**
 * Overwrites the file and what an interrupted write of it left, then removes both; resolves to whether it existed. The
 * overwriting is on disk when this resolves and is what destroys: no one waits for the removal of the name, so after a power
 * cut it may be back, with zeros under it. A disk that writes elsewhere, a snapshot or a backup may keep the old bytes.
 */
export async function eraseKeyFile(directory: string, name: string): Promise<boolean> {
  return guarded(async () => {
    const folder = join(directory, UNFINISHED);
    const [existed] = await Promise.all([
      erase(join(directory, name)),
      readdir(folder).then((found) =>
        Promise.all(found.filter((each) => each.startsWith(`${name}.`)).map((each) => erase(join(folder, each)))),
      ),
    ]);
    return existed;
  });
}

/** Removes a file that others may be reading: they find all of it or nothing. */
export async function dropFile(directory: string, name: string): Promise<void> {
  await guarded(async () => {
    await rm(join(directory, name), { force: true });
    await syncDirectory(directory);
  });
}

/** Resolves to whether there was a file. Another eraser may be as far with it, or further. */
async function erase(path: string): Promise<boolean> {
  try {
    await overwrite(path);
    await unlink(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function overwrite(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(new Uint8Array((await file.stat()).size));
  await file.datasync();
}

/** Writes the bytes where nobody looks for them, durably; resolves to the path. */
async function writeUnfinished(directory: string, name: string, bytes: Uint8Array): Promise<string> {
  const path = join(directory, UNFINISHED, `${name}.${randomBytes(8).toString('hex')}`);
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(bytes);
  await file.sync();
  return path;
}

async function syncDirectory(directory: string): Promise<void> {
  await using handle = await open(directory, 'r');
  await handle.sync();
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** System errors name a path and a call, never contents: they may stand behind ours. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (typeof code === 'string' && code.startsWith('ERR_TENANCY_')) throw error;
    throw tenancyError('ERR_TENANCY_KEY_STORE', { cause: error });
  }
}
