import { utf8 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { createGroupCommit } from './group-commit.ts';

const entry = utf8('entry');

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

describe('createGroupCommit', () => {
  it('stores together what arrives during a sync, in order, one sync at a time', async () => {
    const { batches, store, finish } = slowStore();
    const commits = createGroupCommit(store, { maxWaiting: 1000 });
    const results = Promise.all(Array.from({ length: 700 }, () => commits.add(entry)));
    expect(batches).toEqual([1]);
    for (let round = 0; round < 3; round++) {
      finish();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await results).toEqual(Array.from({ length: 700 }, (_, index) => index));
    expect(batches).toEqual([1, 512, 187]);
    await commits.drained();
  });

  it('answers only after the sync', async () => {
    const { store, finish } = slowStore();
    const commits = createGroupCommit(store, { maxWaiting: 10 });
    let done = false;
    const added = commits.add(entry).then(() => (done = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    finish();
    await added;
    expect(done).toBe(true);
  });

  it('refuses everything after a failed write, and tries nothing again', async () => {
    let calls = 0;
    const full = new Error('ENOSPC');
    const commits = createGroupCommit(() => (calls++, Promise.reject(full)), { maxWaiting: 10 });
    const results = await Promise.allSettled([commits.add(entry), commits.add(entry), commits.add(entry)]);
    const unavailable = expect.objectContaining({ code: 'ERR_AUDIT_UNAVAILABLE', subject: 'write' });
    expect(results).toEqual(Array.from({ length: 3 }, () => ({ status: 'rejected', reason: unavailable })));
    expect((results[0] as PromiseRejectedResult).reason.cause).toBe(full);
    await expect(commits.add(entry)).rejects.toEqual(unavailable);
    expect(calls).toBe(1);
    await commits.drained();
  });
});
