import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { simulatorError } from '../errors.ts';

const CHUNK = 4 * 1024 * 1024;
/** Longer than any form in which a canary is looked for: what lies across two chunks is whole in one of them. */
const OVERLAP = 1024;

/**
 * The memory that a process can write to, in chunks that overlap: heaps, stacks and buffers, not code and mapped files. Linux
 * only, for a process of the same user that lets itself be looked into, such as a child. What was swapped out is read back;
 * what the process gave back to the system, and the kernel's own buffers, are not there.
 * @param pid of another process: this one's own memory holds what is looked for
 * @throws CloisterError `ERR_SIMULATOR_MEMORY` when the memory cannot be read
 */
export function* readMemory(pid: number): Generator<Uint8Array, void, undefined> {
  const regions = listRegions(pid);
  const memory = attempt(() => openSync(`/proc/${pid}/mem`, 'r'));
  try {
    for (const { start, end } of regions) {
      for (let at = start; at < end; at += CHUNK - OVERLAP) {
        const chunk = new Uint8Array(Math.min(CHUNK, end - at));
        const length = tryRead(memory, chunk, at);
        if (length > 0) yield chunk.subarray(0, length);
      }
    }
  } finally {
    closeSync(memory);
  }
}

/** Private, readable and writable mappings, proc(5). */
function listRegions(pid: number): readonly { readonly start: number; readonly end: number }[] {
  const maps = attempt(() => readFileSync(`/proc/${pid}/maps`, 'utf8'));
  return [...maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw.p /gm)].map(([, start = '', end = '']) => ({
    start: Number.parseInt(start, 16),
    end: Number.parseInt(end, 16),
  }));
}

/** A page that cannot be read, a guard page for example, holds nothing. */
function tryRead(memory: number, chunk: Uint8Array, position: number): number {
  try {
    return readSync(memory, chunk, 0, chunk.length, position);
  } catch {
    return 0;
  }
}

function attempt<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw simulatorError('ERR_SIMULATOR_MEMORY', { cause: error });
  }
}
