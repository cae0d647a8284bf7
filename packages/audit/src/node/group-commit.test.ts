import { utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { GroupCommit } from './group-commit.ts';

const entry = utf8('entry');
const options = { maxWaiting: 1000, maxWait: 10_000, onFailure: (): void => undefined };

/** A store whose syncs end when the test says so. */
function slowStore(): {
  readonly batches: number[];
  readonly store: (entries: readonly Uint8Array[]) => Promise<number>;
  readonly finish: () => void;
} {
  const batches: number[] = [];
  const waiting: (() => void)[] = [];
  let size = 0;
  return {
    batches,
    async store(entries) {
      batches.push(entries.length);
      await new Promise<void>((resolve) => waiting.push(resolve));
      size += entries.length;
      return size - entries.length;
    },
    finish: () => waiting.shift()?.(),
  };
}

describe('GroupCommit', () => {
  it('stores together what arrives during a sync, in halves, in order, one sync at a time', async () => {
    const { batches, store, finish } = slowStore();
    const commits = new GroupCommit({ ...options, store });
    const results = Promise.all(Array.from({ length: 700 }, () => commits.add(entry)));
    expect(batches).toEqual([1]);
    for (let round = 0; round < 3; round++) {
      finish();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await results).toEqual(Array.from({ length: 700 }, (_, index) => index));
    expect(batches).toEqual([1, 350, 349]);
    await commits.drained();
  });

  it('answers only after the sync', async () => {
    const { store, finish } = slowStore();
    const commits = new GroupCommit({ ...options, store });
    let done = false;
    const added = commits.add(entry).then(() => (done = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    finish();
    await added;
    expect(done).toBe(true);
  });

  it('refuses everything after a failed write, and tries nothing again', async () => {
    let [calls, failures] = [0, 0];
    const full = new Error('ENOSPC');
    const commits = new GroupCommit({
      ...options,
      store: () => (calls++, Promise.reject(full)),
      onFailure: () => failures++,
    });
    const results = await Promise.allSettled([commits.add(entry), commits.add(entry), commits.add(entry)]);
    const unavailable = expect.objectContaining({ code: 'ERR_AUDIT_UNAVAILABLE', subject: 'write' });
    expect(results).toEqual(Array.from({ length: 3 }, () => ({ status: 'rejected', reason: unavailable })));
    expect((results[0] as PromiseRejectedResult).reason.cause).toBe(full);
    await expect(commits.add(entry)).rejects.toEqual(unavailable);
    expect([calls, failures, commits.missed]).toEqual([1, 1, 4]);
    await commits.drained();
  });

  it('refuses in time what a stalled write holds up, and counts what is never stored', async () => {
    const { batches, store, finish } = slowStore();
    const told: number[] = [];
    const commits = new GroupCommit({
      ...options,
      maxWait: 20,
      store: (entries, missed) => (told.push(missed), store(entries)),
    });
    const stalled = expect.objectContaining({ code: 'ERR_AUDIT_UNAVAILABLE', subject: 'stalled' });
    const results = await Promise.allSettled([commits.add(entry), commits.add(entry), commits.add(entry)]);
    expect(results).toEqual(Array.from({ length: 3 }, () => ({ status: 'rejected', reason: stalled })));
    // The first was under way and may still be stored; the others never will.
    expect(commits.missed).toBe(2);
    finish();
    await new Promise((resolve) => setImmediate(resolve));
    const next = commits.add(entry);
    finish();
    expect(await next).toBe(1);
    expect([batches, told, commits.missed]).toEqual([[1, 1], [0, 2], 0]);
  });
});
