import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { auditError } from '../errors.ts';

/** The calls of `node:fs/promises` that a log makes; tests put faults into them. */
export type LogFiles = Pick<
  typeof fs,
  'link' | 'mkdir' | 'open' | 'readdir' | 'readFile' | 'rename' | 'rm' | 'stat' | 'unlink' | 'writeFile'
>;

/** The directory of a log. Names are relative to it; slashes lead into folders. */
export interface LogDirectory {
  readonly files: LogFiles;
  /** The absolute or given path of a name. */
  path(name: string): string;
  /** Makes the directory, mode 0700, unless it is there. */
  make(): Promise<void>;
  /** The file's bytes; `undefined` when there is none. @throws CloisterError `ERR_AUDIT_UNAVAILABLE` */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Replaces a file as a whole, mode 0600: a reader sees the old bytes or the new ones, also after a power cut. */
  replace(name: string, bytes: Uint8Array): Promise<void>;
  exists(name: string): Promise<boolean>;
  /** Names directly in the directory, sorted. */
  names(): Promise<readonly string[]>;
  /** Removes a file or folder; one that is not there is fine. */
  remove(name: string): Promise<void>;
}

/** The `code` of a system error, `ENOENT` for example. */
export function systemCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Gives access to a directory that may not exist yet. */
export function createLogDirectory(root: string, files: LogFiles = fs): LogDirectory {
  const path = (name: string): string => join(root, name);
  return {
    files,
    path,
    make: () => makeFolder(files, root),
    async read(name) {
      try {
        return Uint8Array.from(await files.readFile(path(name)));
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return undefined;
        throw auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'read', cause: error });
      }
    },
    replace: (name, bytes) => replaceFile(files, path(name), bytes),
    exists: (name) =>
      files.stat(path(name)).then(
        () => true,
        () => false,
      ),
    names: async () => (await files.readdir(root)).toSorted(),
    remove: (name) => files.rm(path(name), { recursive: true, force: true }),
  };
}

async function replaceFile(files: LogFiles, path: string, bytes: Uint8Array): Promise<void> {
  const directory = dirname(path);
  await makeFolder(files, directory);
  // Always the same name: what a killed writer left makes room for the next one, and nothing of it outlives a retention.
  const temporary = `${path}.tmp`;
  await files.rm(temporary, { force: true });
  try {
    await writeAndSync(files, temporary, bytes);
    await files.rename(temporary, path);
  } catch (error) {
    await files.unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(files, directory);
}

async function writeAndSync(files: LogFiles, path: string, bytes: Uint8Array): Promise<void> {
  await using file = await files.open(path, 'wx', 0o600);
  await file.writeFile(bytes);
  await file.sync();
}

/** A new folder is an entry of its parent, which a power cut could take. */
async function makeFolder(files: LogFiles, path: string): Promise<void> {
  const created = await files.mkdir(path, { recursive: true, mode: 0o700 });
  for (let folder = path; created !== undefined && folder.length >= created.length; folder = dirname(folder)) {
    await syncFolder(files, dirname(folder));
  }
}

async function syncFolder(files: LogFiles, path: string): Promise<void> {
  await using handle = await files.open(path, 'r');
  await handle.sync();
}
