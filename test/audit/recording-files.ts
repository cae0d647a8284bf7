import { constants, readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LogFiles } from '@cloister/audit/node';

/** Something that happened to the disk, in order. A file is named by a number of its own, whatever its name is. */
export type DiskOperation =
  | { readonly kind: 'name'; readonly path: string; readonly file: number | undefined }
  | { readonly kind: 'write'; readonly file: number; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly file: number; readonly length: number }
  | { readonly kind: 'sync'; readonly file: number }
  | { readonly kind: 'sync-folder'; readonly path: string }
  | { readonly kind: 'acknowledge'; readonly id: string };

/** The real file system, with a record of what every power cut could take. */
export interface RecordingFiles {
  readonly files: LogFiles;
  readonly operations: readonly DiskOperation[];
  acknowledge(id: string): void;
}

/** Starts a record. Folders count as durable once made; everything else only after its sync. */
export function createRecordingFiles(): RecordingFiles {
  const operations: DiskOperation[] = [];
  const names = new Map<string, number>();
  let created = 0;

  function name(path: string, file: number | undefined): void {
    if (file === undefined) names.delete(path);
    else names.set(path, file);
    operations.push({ kind: 'name', path, file });
  }

  function create(path: string): number {
    const known = names.get(path);
    if (known !== undefined) return known;
    name(path, ++created);
    return created;
  }

  const files: Partial<Record<keyof LogFiles, unknown>> = {
    ...fs,
    async open(path: string, flags: string | number, mode?: number) {
      const handle = await fs.open(path, flags, mode);
      if ((await handle.stat()).isDirectory()) return recordFolder(handle, path, operations);
      const isWrittenThrough = typeof flags === 'number' && (flags & constants.O_DSYNC) !== 0;
      return recordHandle(handle, { file: create(path), isWrittenThrough }, operations);
    },
    async rename(from: string, to: string) {
      await fs.rename(from, to);
      const file = names.get(from);
      name(from, undefined);
      name(to, file);
    },
    async link(from: string, to: string) {
      await fs.link(from, to);
      name(to, names.get(from));
    },
    async unlink(path: string) {
      await fs.unlink(path);
      name(path, undefined);
    },
    async rm(path: string, options: { recursive: true; force: true }) {
      await fs.rm(path, options);
      for (const inside of names.keys()) if (inside === path || inside.startsWith(`${path}/`)) name(inside, undefined);
    },
    async writeFile(path: string, bytes: string, options: object) {
      await fs.writeFile(path, bytes, options);
      operations.push({ kind: 'write', file: create(path), at: 0, bytes: Uint8Array.from(readFileSync(path)) });
    },
  };
  return {
    files: files as LogFiles,
    operations,
    acknowledge: (id) => operations.push({ kind: 'acknowledge', id }),
  };
}

type Override = Readonly<Record<string, (...given: never[]) => Promise<unknown>>>;

function override(handle: fs.FileHandle, members: Override): fs.FileHandle {
  return new Proxy(handle, {
    get(target, name): unknown {
      const own = typeof name === 'string' ? members[name] : undefined;
      const member: unknown = own ?? Reflect.get(target, name, target);
      return typeof member === 'function' && own === undefined ? (member.bind(target) as unknown) : member;
    },
  });
}

function recordFolder(handle: fs.FileHandle, path: string, operations: DiskOperation[]): fs.FileHandle {
  return override(handle, {
    async sync() {
      await handle.sync();
      operations.push({ kind: 'sync-folder', path: dirname(`${path}/.`) });
    },
  });
}

function recordHandle(
  handle: fs.FileHandle,
  { file, isWrittenThrough }: { readonly file: number; readonly isWrittenThrough: boolean },
  operations: DiskOperation[],
): fs.FileHandle {
  const sync = async (): Promise<void> => {
    await handle.datasync();
    operations.push({ kind: 'sync', file });
  };
  return override(handle, {
    async write(bytes: Uint8Array, offset: number, length: number, at: number) {
      const result = await handle.write(bytes, offset, length, at);
      const written = Uint8Array.from(bytes.subarray(offset, offset + result.bytesWritten));
      operations.push({ kind: 'write', file, at, bytes: written });
      if (isWrittenThrough) operations.push({ kind: 'sync', file });
      return result;
    },
    async writeFile(bytes: Uint8Array) {
      await handle.writeFile(bytes);
      operations.push({ kind: 'write', file, at: 0, bytes: Uint8Array.from(bytes) });
    },
    async truncate(length: number) {
      await handle.truncate(length);
      operations.push({ kind: 'truncate', file, length });
    },
    sync,
    datasync: sync,
  });
}
