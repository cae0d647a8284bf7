import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromUtf8, toHex, utf8 } from '@cloister/core';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createScratchSpace, type ScratchOptions, type ScratchSpace } from './create-scratch-space.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

describe.skipIf(!existsSync('/dev/shm'))('scratch space', () => {
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp('/dev/shm/cloister-test-')));
  afterEach(() => rm(directory, { recursive: true }));

  const openSpace = async (options: ScratchOptions): Promise<ScratchSpace> => {
    const space = await createScratchSpace(options);
    onTestFinished(() => space.close());
    return space;
  };

  it('keeps what is written, under no name', async () => {
    const space = await openSpace({ directory });
    const file = await space.file();
    await file.write(utf8('first '));
    await file.write(utf8('second'));
    expect(fromUtf8(await file.read())).toBe('first second');
    expect(await readFile(file.path, 'utf8')).toBe('first second');
    expect(file.size).toBe(12);
    expect(await readdir(directory)).toEqual([]);
  });

  it('zeroes a file when it is closed, and answers no more', async () => {
    const space = await openSpace({ directory });
    const file = await space.file();
    await file.write(new Uint8Array(100_000).fill(7));
    const other = await open(file.path, 'r');
    await file.close();
    await file.close();
    const { buffer } = await other.read(new Uint8Array(100_000), 0, 100_000, 0);
    expect(buffer.every((byte) => byte === 0)).toBe(true);
    await other.close();
    for (const use of [(): Promise<unknown> => file.read(), (): Promise<unknown> => file.write(utf8('x'))]) {
      await expect(use()).rejects.toMatchObject({ code: 'ERR_HOST_SCRATCH_CLOSED' });
    }
  });

  it('has a bound over all files, which closing frees', async () => {
    const space = await openSpace({ directory, maxBytes: 100 });
    const [one, two] = [await space.file(), await space.file()];
    await one.write(new Uint8Array(60));
    await expect(two.write(new Uint8Array(41))).rejects.toMatchObject({ code: 'ERR_HOST_SCRATCH_FULL' });
    expect(two.size).toBe(0);
    await one.close();
    await two.write(new Uint8Array(100));
  });

  it('refuses a disk and a folder that is not there', async () => {
    await expect(createScratchSpace({ directory: join(directory, 'none') })).rejects.toMatchObject({
      code: 'ERR_HOST_SCRATCH_UNAVAILABLE',
    });
    const isDisk = (await statfs(here)).type !== (await statfs(directory)).type;
    if (isDisk) {
      await expect(createScratchSpace({ directory: here })).rejects.toMatchObject({
        code: 'ERR_HOST_SCRATCH_NOT_MEMORY',
      });
    }
  });

  it('sweeps what a process that is gone left behind, and nothing else', async () => {
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'exit');
    const kept = [`cloister-scratch-${process.pid}-${'0'.repeat(32)}`, 'notes.txt'];
    for (const name of [...kept, `cloister-scratch-${dead.pid}-${'0'.repeat(32)}`]) {
      await writeFile(join(directory, name), 'left');
    }
    await (await createScratchSpace({ directory })).close();
    expect((await readdir(directory)).toSorted()).toEqual(kept.toSorted());
  });

  it.each([
    ['exit', 'process.exit(3)'],
    ['throw', 'throw new Error("thrown")'],
    ['SIGKILL', 'process.kill(process.pid, "SIGKILL")'],
  ])('nothing is left after %s; the control leaves a file', async (_name, end) => {
    const secret = toHex(crypto.getRandomValues(new Uint8Array(16)));
    const program = `
      import { writeFile } from 'node:fs/promises';
      import { createScratchSpace } from ${JSON.stringify(join(here, 'create-scratch-space.ts'))};
      const space = await createScratchSpace({ directory: ${JSON.stringify(directory)} });
      const file = await space.file();
      await file.write(new TextEncoder().encode(${JSON.stringify(secret)}));
      await writeFile(${JSON.stringify(join(directory, 'control'))}, ${JSON.stringify(secret)});
      ${end};`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], { stdio: 'ignore' });
    await once(child, 'exit');
    expect(await readdir(directory)).toEqual(['control']);
    expect(await readFile(join(directory, 'control'), 'utf8')).toBe(secret);
  });
});
