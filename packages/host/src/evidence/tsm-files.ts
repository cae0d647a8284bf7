import { constants } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';

/** The four calls on the kernel's report folder. A value, so that a test can put something that behaves like a kernel here. */
export interface TsmFiles {
  mkdir(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  /** The whole attribute in one open file. */
  read(path: string): Promise<Uint8Array>;
  /** The whole attribute in one open file, which has to exist: the kernel takes a value when it is closed. */
  write(path: string, value: Uint8Array): Promise<void>;
}

/** The file system of this machine. */
export const systemFiles: TsmFiles = {
  mkdir: async (path) => mkdir(path),
  rmdir: async (path) => rmdir(path),
  read: async (path) => new Uint8Array(await readFile(path)),
  write: async (path, value) => writeFile(path, value, { flag: constants.O_WRONLY }),
};
