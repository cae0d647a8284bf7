import { constants } from 'node:fs';
import { type FileHandle, open, readdir, rm, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { toHex, systemRandom } from '@cloister/core';
import { hostError } from '../errors.ts';
import { createScratchFile, type ScratchBudget, type ScratchFile } from './scratch-file.ts';

/** Where scratch files live and how much they may hold. */
export interface ScratchOptions {
  /** A folder on tmpfs. Default `/dev/shm`. */
  readonly directory?: string;
  /** Bytes of all open files together. Default 256 MiB. */
  readonly maxBytes?: number;
}

/** The one place for temporary files. */
export interface ScratchSpace extends AsyncDisposable {
  /** A new, empty file that no folder names. @throws ERR_HOST_SCRATCH_CLOSED, ERR_HOST_SCRATCH_UNAVAILABLE */
  file(): Promise<ScratchFile>;
  /** Closes every file. May be called twice. */
  close(): Promise<void>;
}

/** `TMPFS_MAGIC` of Linux. */
const TMPFS = 0x0102_1994;
/** `O_TMPFILE` of Linux: a file that never had a name. */
const NAMELESS = 0o20_000_000 | constants.O_DIRECTORY;
const NAME = /^cloister-scratch-(\d+)-[0-9a-f]{32}$/;
const DEFAULT_BYTES = 268_435_456;

/**
 * Opens the scratch space: checks that the folder is memory and not a disk, and sweeps what an earlier process that was
 * killed may have left. Files have no name from their first byte on, so nothing of them outlives the process, however it
 * ends. tmpfs can be swapped out: a guest that must not write to disk runs without swap.
 * @throws ERR_HOST_SCRATCH_NOT_MEMORY, ERR_HOST_SCRATCH_UNAVAILABLE
 */
export async function createScratchSpace(options: ScratchOptions = {}): Promise<ScratchSpace> {
  const { directory = '/dev/shm', maxBytes = DEFAULT_BYTES } = options;
  await requireMemory(directory);
  await sweep(directory);
  const files = new Set<ScratchFile>();
  let isClosed = false;
  const budget = createBudget(maxBytes);
  const close = async (): Promise<void> => {
    isClosed = true;
    await Promise.all([...files].map((file) => file.close()));
    files.clear();
  };
  return {
    async file() {
      if (isClosed) throw hostError('ERR_HOST_SCRATCH_CLOSED');
      const file = createScratchFile(await openNameless(directory), budget);
      files.add(file);
      return file;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function createBudget(maxBytes: number): ScratchBudget {
  let used = 0;
  return {
    take(bytes) {
      if (used + bytes > maxBytes) throw hostError('ERR_HOST_SCRATCH_FULL', { detail: { maxBytes } });
      used += bytes;
    },
    giveBack: (bytes) => void (used -= bytes),
  };
}

async function requireMemory(directory: string): Promise<void> {
  let type: number;
  try {
    ({ type } = await statfs(directory));
  } catch (cause) {
    throw hostError('ERR_HOST_SCRATCH_UNAVAILABLE', { cause });
  }
  if (type !== TMPFS) throw hostError('ERR_HOST_SCRATCH_NOT_MEMORY');
}

/** Only a kernel without `O_TMPFILE` leaves names behind, and only between two calls; their owners are long gone. */
async function sweep(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = Number(NAME.exec(name)?.[1]);
    if (Number.isSafeInteger(pid) && !isAlive(pid)) await rm(join(directory, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function openNameless(directory: string): Promise<FileHandle> {
  try {
    return await open(directory, NAMELESS | constants.O_RDWR | constants.O_EXCL, 0o600);
  } catch {
    return openUnlinked(directory);
  }
}

async function openUnlinked(directory: string): Promise<FileHandle> {
  const name = join(directory, `cloister-scratch-${process.pid}-${toHex(systemRandom(16))}`);
  try {
    const handle = await open(
      name,
      constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | constants.O_NOFOLLOW,
      0o600,
    );
    await unlink(name);
    return handle;
  } catch (cause) {
    throw hostError('ERR_HOST_SCRATCH_UNAVAILABLE', { cause });
  }
}
