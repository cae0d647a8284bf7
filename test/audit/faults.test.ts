import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditLog, verifyLog } from '@cloister/audit/node';
import { isCloisterError } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { createFaultyFiles, type Fault } from './faulty-files.ts';
import { laneSize, PATIENT, refusal, storedIds, useScratch } from './scratch.ts';

const newDirectory = useScratch();
/** Every so manieth call gets a fault; `CLOISTER_AUDIT_FAULT_STEP=1` takes every single one. */
const step = laneSize('CLOISTER_AUDIT_FAULT_STEP', 17);
const options = { ...PATIENT, checkpointEvery: 4, segmentBytes: 1200, retryAfter: 0 };

interface Run {
  readonly acknowledged: ReadonlyMap<number, string>;
  readonly refused: number;
  readonly calls: number;
}

/** Five rounds of three events; every refusal must be one of ours. */
async function work(directory: string, decide: (index: number) => Fault | undefined): Promise<Run> {
  let calls = 0;
  const files = createFaultyFiles(({ index }) => (calls++, decide(index)));
  const log = auditLog(directory, { ...options, files });
  const acknowledged = new Map<number, string>();
  let refused = 0;
  for (let round = 0; round < 5; round++) {
    await Promise.all(
      Array.from({ length: 3 }, async () => {
        const event = refusal();
        try {
          acknowledged.set((await log.record(event)).index, event.id);
        } catch (error) {
          expect(isCloisterError(error)).toBe(true);
          refused += 1;
        }
      }),
    );
    // Time for a new opening after a fault.
    if (refused > 0) await sleep(2);
  }
  await log.close().catch((error: unknown) => expect(isCloisterError(error)).toBe(true));
  return { acknowledged, refused, calls };
}

async function expectKept(directory: string, acknowledged: ReadonlyMap<number, string>): Promise<void> {
  // The next process sees that this one has gone; here both are the same.
  rmSync(join(directory, 'lock'), { force: true });
  const log = auditLog(directory, options);
  await log.record(refusal());
  await log.close();
  await verifyLog(directory, readFileSync(join(directory, 'vkey'), 'utf8'));
  const stored = await storedIds(directory);
  for (const [index, id] of acknowledged) expect(stored.get(index)).toBe(id);
}

describe('a fault in every single call to the file system', () => {
  it.each(['EIO', 'ENOSPC'] as const)('%s once: nothing that was acknowledged is lost', async (code) => {
    const { calls } = await work(newDirectory(), () => undefined);
    expect(calls).toBeGreaterThan(100);
    for (let at = 0; at < calls; at += step) {
      const directory = newDirectory();
      const run = await work(directory, (index) => (index === at ? { code } : undefined));
      await expectKept(directory, run.acknowledged);
    }
  });

  it('EIO from a call on: nothing that was acknowledged is lost', async () => {
    const { calls } = await work(newDirectory(), () => undefined);
    for (let at = 0; at < calls; at += step) {
      const directory = newDirectory();
      const run = await work(directory, (index) => (index >= at ? { code: 'EIO' } : undefined));
      await expectKept(directory, run.acknowledged);
    }
  });
});

describe('a log that cannot write', () => {
  it('refuses at once, mends itself when it can, and tells exactly how many it refused', async () => {
    let isFull = false;
    const files = createFaultyFiles(({ name }) => (isFull && name === 'write' ? { code: 'ENOSPC' } : undefined));
    const directory = newDirectory();
    const log = auditLog(directory, { files, retryAfter: 0 });
    await log.record(refusal());
    let refused = 0;
    for (const length of [1, 7, 30]) {
      isFull = true;
      const results = await Promise.allSettled(Array.from({ length }, () => log.record(refusal())));
      for (const result of results) {
        expect(result).toMatchObject({ status: 'rejected', reason: { code: 'ERR_AUDIT_UNAVAILABLE' } });
      }
      refused += length;
      isFull = false;
      while ((await log.record(refusal()).catch(() => undefined)) === undefined) {
        refused += 1;
        await sleep(1);
      }
    }
    const vkey = await log.verifierKey();
    await log.close();
    expect(await verifyLog(directory, vkey)).toMatchObject({ refused, events: { 'audit.gap': 3 } });
  });

  it('refuses within the wait when the disk stalls, and counts what was never stored', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let isStalled = false;
    const files = createFaultyFiles(({ name }) => (isStalled && name === 'write' ? { until: promise } : undefined));
    const directory = newDirectory();
    const log = auditLog(directory, { files, maxWait: 200 });
    const vkey = await log.verifierKey();
    isStalled = true;
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => log.record(refusal())));
    for (const result of results) {
      expect(result).toMatchObject({ reason: { code: 'ERR_AUDIT_UNAVAILABLE', subject: 'stalled' } });
    }
    isStalled = false;
    resolve();
    await log.record(refusal());
    await log.close();
    const { refused, events } = await verifyLog(directory, vkey);
    // What was on its way to the disk got there in the end.
    expect(refused + (events['security.refused'] ?? 0)).toBe(7);
    expect(refused).toBeGreaterThan(0);
  });
});
