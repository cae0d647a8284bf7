import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '@cloister/core';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { localBroker } from './local-broker.ts';
import type { LocalBroker } from './local-broker.ts';

/** What reached the file system, in order: `path: call`, once the call has ended; and how many names were listed. */
const seen: { calls: string[]; names: number } = { calls: [], names: 0 };

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof files>();
  const noting = <Result>(path: unknown, call: string, result: Promise<Result>): Promise<Result> =>
    result.finally(() => seen.calls.push(`${String(path)}: ${call}`));
  return {
    ...original,
    async readdir(path: string) {
      const names = await original.readdir(path);
      seen.names += names.length;
      return names;
    },
    unlink: (path: string) => noting(path, 'unlink', original.unlink(path)),
    async open(...given: Parameters<typeof files.open>) {
      const handle = await original.open(...given);
      const [write, datasync] = [handle.write.bind(handle), handle.datasync.bind(handle)];
      return Object.assign(handle, {
        write: (bytes: Uint8Array) => noting(given[0], 'write', write(bytes)),
        datasync: () => noting(given[0], 'datasync', datasync()),
      });
    },
  };
});

/** Keys beside the one that is destroyed; 100,000 by `CLOISTER_KEYS`. */
const OTHERS = Number(process.env['CLOISTER_KEYS'] ?? 300);
const scratch = mkdtempSync(join(tmpdir(), 'cloister-destroy-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const key = systemRandom(32);
const value = Uint8Array.of(1, 2, 3);
let counter = 0;
let directory: string;
let broker: LocalBroker;
let path: string;
beforeEach(async () => {
  directory = join(scratch, String(counter++));
  broker = localBroker(directory, { key });
  await broker.putIfAbsent('name', value);
  path = join(directory, readdirSync(directory).find((name) => name.endsWith('.key')) ?? '');
  Object.assign(seen, { calls: [], names: 0 });
});

it('has the overwriting on disk before the name goes, and gives the key out no more', async () => {
  expect(await broker.destroy('name')).toBe(true);
  expect(seen.calls).toEqual([`${path}: write`, `${path}: datasync`, `${path}: unlink`]);
  expect(await broker.get('name')).toBeUndefined();
  expect(await broker.destroy('name')).toBe(false);
  expect(await broker.putIfAbsent('name', Uint8Array.of(2))).toEqual(Uint8Array.of(2));
});

it('takes a file of zeros, whose name a power cut has kept, for none', async () => {
  writeFileSync(path, new Uint8Array(value.length));
  const after = localBroker(directory, { key });
  expect(await after.get('name')).toBeUndefined();
  expect(await after.rewrap?.('name', value)).toBe(false);
  await expect(after.putIfAbsent('name', value)).rejects.toMatchObject({ code: 'ERR_TENANCY_KEY_DESTROYED' });
  await expect(after.putIfAbsent('other', new Uint8Array(79))).rejects.toMatchObject({ code: 'ERR_TENANCY_NOT_A_KEY' });
  expect(readdirSync(join(directory, 'unfinished'))).toEqual([]);
  await after.destroy('name');
  expect(existsSync(path)).toBe(false);
  // The control: a file that was not overwritten to its end, and an empty one, are no destroyed keys.
  for (const bytes of [Uint8Array.of(0, 0, 3), new Uint8Array(0)]) {
    writeFileSync(path, bytes);
    expect(await after.get('name')).toEqual(bytes);
  }
});

it('overwrites what an interrupted write of the same key left, and nothing of others', async () => {
  const unfinished = join(directory, 'unfinished');
  const [left, other] = [
    join(unfinished, `${path.slice(directory.length + 1)}.0011`),
    join(unfinished, 'other.key.0011'),
  ];
  for (const each of [left, other]) writeFileSync(each, value);
  await broker.destroy('name');
  expect(readdirSync(unfinished)).toEqual(['other.key.0011']);
  expect(readFileSync(other)).toEqual(Buffer.from(value));
  expect(seen.calls.filter((call) => call.startsWith(left))).toEqual(
    ['write', 'datasync', 'unlink'].map((call) => `${left}: ${call}`),
  );
});

it('is destroyed by two at once', async () => {
  const answers = await Promise.all([broker.destroy('name'), localBroker(directory, { key }).destroy('name')]);
  expect(answers).toContain(true);
  expect(await broker.get('name')).toBeUndefined();
});

it(`lists none of ${OTHERS} other keys`, async () => {
  for (let other = 0; other < OTHERS; other++) writeFileSync(join(directory, `${other}.key`), value);
  await broker.destroy('name');
  expect(seen.names).toBe(0);
  await localBroker(directory, { key }).get('name');
  expect(seen.names).toBeGreaterThan(OTHERS); // the control: who opens the directory lists it, and is counted
});
