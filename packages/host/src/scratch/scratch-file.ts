import type { FileHandle } from 'node:fs/promises';
import { hostError } from '../errors.ts';

/** A file without a name, in memory. */
export interface ScratchFile extends AsyncDisposable {
  /** A path under which this process, and children that inherit nothing, can open it: `/proc/self/fd/N`. */
  readonly path: string;
  /** Bytes in it. */
  readonly size: number;
  /** Appends. @throws ERR_HOST_SCRATCH_FULL before anything is written, ERR_HOST_SCRATCH_CLOSED */
  write(bytes: Uint8Array): Promise<void>;
  /** All of it. @throws ERR_HOST_SCRATCH_CLOSED */
  read(): Promise<Uint8Array>;
  /** Overwrites it with zeros and lets go of it. May be called twice. */
  close(): Promise<void>;
}

/** How the bytes of one space are counted: over all its files. */
export interface ScratchBudget {
  /** @throws ERR_HOST_SCRATCH_FULL */
  take(bytes: number): void;
  giveBack(bytes: number): void;
}

const ZEROS = new Uint8Array(65_536);

/** Wraps the descriptor of a file that has no name any more. */
export function createScratchFile(handle: FileHandle, budget: ScratchBudget): ScratchFile {
  let size = 0;
  let isClosed = false;
  const requireOpen = (): void => {
    if (isClosed) throw hostError('ERR_HOST_SCRATCH_CLOSED');
  };
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    try {
      for (let at = 0; at < size; at += ZEROS.length) {
        await handle.write(ZEROS, 0, Math.min(ZEROS.length, size - at), at);
      }
    } finally {
      await handle.close();
      budget.giveBack(size);
    }
  };
  return {
    get path() {
      requireOpen();
      return `/proc/self/fd/${handle.fd}`;
    },
    get size() {
      return size;
    },
    async write(bytes) {
      requireOpen();
      budget.take(bytes.length);
      const at = size;
      size += bytes.length;
      for (let done = 0; done < bytes.length;) {
        done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
      }
    },
    async read() {
      requireOpen();
      const bytes = new Uint8Array(size);
      for (let done = 0; done < size;) {
        const { bytesRead } = await handle.read(bytes, done, size - done, done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return bytes;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
