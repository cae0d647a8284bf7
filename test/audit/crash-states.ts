import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { DiskOperation } from './recording-files.ts';

/** What a power cut does to operations that no sync covers: given how many there are, which of them reached the disk. */
export type Survival = (place: number) => boolean;

type FileOperation = Extract<DiskOperation, { readonly kind: 'write' | 'truncate' }>;

const SECTOR = 512;

interface Disk {
  /** Names of which the disk is sure, and those it may have. */
  readonly names: Map<string, number | undefined>;
  readonly pendingNames: (DiskOperation & { readonly kind: 'name' })[];
  readonly contents: Map<number, Uint8Array>;
  readonly pending: Map<number, FileOperation[]>;
}

/**
 * Puts the disk as a power cut after the first `count` operations may leave it into a directory. What was synced is
 * there; of the rest, names reach the disk in order up to some point, and sectors of writes in any order.
 */
export function writeCrashState(
  operations: readonly DiskOperation[],
  count: number,
  options: {
    readonly from: string;
    readonly to: string;
    readonly keepNames: (pending: number) => number;
    readonly keep: Survival;
  },
): void {
  const disk: Disk = { names: new Map(), pendingNames: [], contents: new Map(), pending: new Map() };
  for (const operation of operations.slice(0, count)) take(disk, operation);
  for (const operation of disk.pendingNames.slice(0, options.keepNames(disk.pendingNames.length))) {
    disk.names.set(operation.path, operation.file);
  }
  let place = 0;
  for (const [file, pending] of disk.pending) {
    let content = disk.contents.get(file) ?? new Uint8Array(0);
    for (const part of pending.flatMap(split)) if (options.keep(place++)) content = apply(content, part);
    disk.contents.set(file, content);
  }
  for (const [path, file] of disk.names) {
    if (file === undefined) continue;
    const target = join(options.to, relative(options.from, path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, disk.contents.get(file) ?? new Uint8Array(0));
  }
}

function take(disk: Disk, operation: DiskOperation): void {
  if (operation.kind === 'name') disk.pendingNames.push(operation);
  if (operation.kind === 'write' || operation.kind === 'truncate') {
    disk.pending.set(operation.file, [...(disk.pending.get(operation.file) ?? []), operation]);
  }
  if (operation.kind === 'sync') syncFile(disk, operation.file);
  if (operation.kind === 'sync-folder') {
    const kept = disk.pendingNames.filter(({ path }) => dirname(path) !== operation.path);
    for (const { path, file } of disk.pendingNames) if (dirname(path) === operation.path) disk.names.set(path, file);
    disk.pendingNames.splice(0, disk.pendingNames.length, ...kept);
  }
}

function syncFile(disk: Disk, file: number): void {
  const content = (disk.pending.get(file) ?? []).reduce(apply, disk.contents.get(file) ?? new Uint8Array(0));
  disk.contents.set(file, content);
  disk.pending.delete(file);
}

function apply(content: Uint8Array, operation: FileOperation): Uint8Array {
  const end = operation.kind === 'write' ? operation.at + operation.bytes.length : operation.length;
  const length = operation.kind === 'write' ? Math.max(content.length, end) : end;
  const result = new Uint8Array(length);
  result.set(content.subarray(0, length));
  if (operation.kind === 'write') result.set(operation.bytes, operation.at);
  return result;
}

/** A write reaches the disk sector by sector. */
function split(operation: FileOperation): FileOperation[] {
  if (operation.kind === 'truncate') return [operation];
  const parts: FileOperation[] = [];
  for (let from = 0; from < operation.bytes.length;) {
    const to = Math.min(
      operation.bytes.length,
      (Math.floor((operation.at + from) / SECTOR) + 1) * SECTOR - operation.at,
    );
    parts.push({ ...operation, at: operation.at + from, bytes: operation.bytes.subarray(from, to) });
    from = to;
  }
  return parts;
}
