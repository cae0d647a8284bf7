import { setTimeout as sleep } from 'node:timers/promises';
import { parseLogProof, parseVerifierKey, verifyLogProof } from '@cloister/audit';
import { auditLog, readLog, verifyLog } from '@cloister/audit/node';
import { findCloisterError, fromUtf8 } from '@cloister/core';
import { hospitals, question } from '@cloister/example-hospital/notes';
import { createWorld, type World } from '@cloister/example-hospital/world';
import type { AuditSink } from '@cloister/core';
import type { RuntimeTenant } from '@cloister/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFaultyFiles, type Fault } from './faulty-files.ts';
import { useScratch } from './scratch.ts';

const newDirectory = useScratch();
let world: World;

beforeAll(async () => {
  world = await createWorld({ directory: newDirectory() });
});

afterAll(() => world[Symbol.asyncDispose]());

async function enter(audit: AuditSink): Promise<RuntimeTenant> {
  const tenant = await world.enter('cardiologist', await world.runtime({ audit }));
  await tenant.ingest(hospitals[0]?.notes ?? []);
  return tenant;
}

/** Four questions at once; resolves to how many were refused because of the log. */
async function ask(tenant: RuntimeTenant): Promise<number> {
  const results = await Promise.allSettled(Array.from({ length: 4 }, () => tenant.ask(question).result()));
  return results.filter(
    (result) =>
      result.status === 'rejected' && findCloisterError(result.reason)?.code === 'ERR_RUNTIME_AUDIT_UNAVAILABLE',
  ).length;
}

describe('without a record no prompt leaves', () => {
  it.each<[string, 'ENOSPC' | 'EIO' | undefined]>([
    ['disk full', 'ENOSPC'],
    ['error of the disk', 'EIO'],
    ['stalled disk', undefined],
  ])('%s: every question is refused with a typed error', async (_, code) => {
    const stall = Promise.withResolvers<void>();
    const fault: Fault = code === undefined ? { until: stall.promise } : { code };
    let isFaulty = false;
    const files = createFaultyFiles(({ name }) => (isFaulty && name === 'write' ? fault : undefined));
    const audit = auditLog(newDirectory(), { files, retryAfter: 0 });
    const tenant = await enter(audit);
    expect(await ask(tenant)).toBe(0);
    const seen = world.requestsSeen();
    isFaulty = true;
    for (let round = 0; round < 3; round++) {
      expect(await ask(tenant)).toBe(4);
      await sleep(5);
    }
    expect(world.requestsSeen()).toBe(seen);
    isFaulty = false;
    stall.resolve();
    await audit.close();
  });

  it('locked by another writer: refused, and served once the other has gone', async () => {
    const directory = newDirectory();
    await using stocked = auditLog(newDirectory());
    await enter(stocked);
    const other = auditLog(directory);
    await other.verifierKey();
    const audit = auditLog(directory);
    const locked = await world.enter('cardiologist', await world.runtime({ audit }));
    const seen = world.requestsSeen();
    expect(await ask(locked)).toBe(4);
    expect(world.requestsSeen()).toBe(seen);
    await other.close();
    expect(await ask(locked)).toBe(0);
    await audit.close();
  });
});

describe('an answer', () => {
  it('has its beginning on disk before the prompt leaves, and its end before the last character is read', async () => {
    const directory = newDirectory();
    const audit = auditLog(directory);
    const tenant = await enter(audit);
    const typesNow = async (): Promise<readonly string[]> =>
      (await Array.fromAsync(readLog(directory))).map(({ event }) => event.type);
    let pieces = '';
    let endedAt = -1;
    const answer = tenant.ask(question);
    for await (const piece of answer.textStream) {
      const types = await typesNow();
      expect(types).toContain('inference.begin');
      if (types.includes('inference.end') && endedAt < 0) endedAt = pieces.length;
      pieces += piece;
    }
    const result = await answer.result();
    const { text, receipt } = result;
    expect(pieces).toBe(text);
    const { entry, file } = await result.proof();
    await verifyLogProof(parseLogProof(file), entry, parseVerifierKey(await audit.verifierKey()));
    expect(JSON.parse(fromUtf8(entry))).toMatchObject({ type: 'inference.end', receipt: receipt.digest });
    expect(endedAt).toBeGreaterThanOrEqual(0);
    expect(endedAt).toBeLessThan(text.length);
    await audit.close();
  });

  it('that nobody read to its end, and one that failed, have an end on record', async () => {
    const directory = newDirectory();
    const audit = auditLog(directory, { maxWait: 10_000 });
    const tenant = await enter(audit);
    for await (const _ of tenant.ask(question).textStream) break;
    const controller = new AbortController();
    // The beginning is on record, and then the caller gives up before the prompt has left.
    const observer = { arrow: ({ arrow }: { arrow: string }) => void (arrow === 'audit' && controller.abort()) };
    const aborted = tenant.ask(question, { signal: controller.signal, observer });
    await expect(aborted.result()).rejects.toBeInstanceOf(Error);
    const ends = (await Array.fromAsync(readLog(directory))).flatMap(({ event }) =>
      event.type === 'inference.end' ? [[event.outcome, event.finish]] : [],
    );
    expect(ends).toEqual([
      ['cancelled', 'cancelled'],
      ['error', 'error'],
    ]);
    const key = await audit.verifierKey();
    await audit.close();
    expect(await verifyLog(directory, key)).toMatchObject({ unfinished: 0 });
  });
});
