import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { auditError } from '../errors.ts';

/** The `code` of a system error, `ENOENT` for example. */
export function systemCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** The file's bytes; `undefined` when there is none. */
export async function readIfPresent(path: string): Promise<Uint8Array | undefined> {
  try {
    return Uint8Array.from(await readFile(path));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw auditError('ERR_AUDIT_UNAVAILABLE', { subject: 'read', cause: error });
  }
}

/** Makes a directory's entries durable. */
export async function syncDirectory(directory: string): Promise<void> {
  await using handle = await open(directory, 'r');
  await handle.sync();
}

/** Replaces a file as a whole, mode 0600: a reader sees the old bytes or the new ones, also after a power cut. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeAndSync(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncDirectory(directory);
}

async function writeAndSync(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(bytes);
  await file.sync();
}
