import { mkdirSync, rmSync } from 'node:fs';
import { auditLog, verifyLog } from '@cloister/audit/node';
import { describe, expect, it } from 'vitest';
import { writeCrashState } from './crash-states.ts';
import { createRecordingFiles, type DiskOperation } from './recording-files.ts';
import { laneSize, PATIENT, refusal, storedIds, useScratch } from './scratch.ts';

const newDirectory = useScratch();
/** `CLOISTER_AUDIT_CRASH_STEP=1` cuts the power after every operation. */
const step = laneSize('CLOISTER_AUDIT_CRASH_STEP', 23);

/** A numbers generator with a seed: a failing state can be made again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function recordWork(directory: string): Promise<{ operations: readonly DiskOperation[]; vkey: string }> {
  const recording = createRecordingFiles();
  const log = auditLog(directory, { ...PATIENT, files: recording.files, checkpointEvery: 8, segmentBytes: 6000 });
  for (let round = 0; round < 4; round++) {
    await Promise.all(
      Array.from({ length: 9 }, async () => {
        const event = refusal();
        await log.record(event);
        recording.acknowledge(event.id);
      }),
    );
  }
  const vkey = await log.verifierKey();
  await log.close();
  return { operations: recording.operations, vkey };
}

function acknowledgedIn(operations: readonly DiskOperation[]): readonly string[] {
  return operations.flatMap((operation) => (operation.kind === 'acknowledge' ? [operation.id] : []));
}

/** None and all of what no sync covers, and three mixtures. */
function* survivals(cut: number): Generator<{ keepNames: (pending: number) => number; keep: () => boolean }> {
  yield { keepNames: () => 0, keep: () => false };
  yield { keepNames: (pending) => pending, keep: () => true };
  for (let mixture = 0; mixture < 3; mixture++) {
    const next = seeded(cut * 16 + mixture);
    yield { keepNames: (pending) => Math.floor(next() * (pending + 1)), keep: () => next() < 0.5 };
  }
}

describe('a power cut after any operation', () => {
  it('loses no acknowledged event, whatever of the rest reached the disk', { timeout: 600_000 }, async () => {
    const from = newDirectory();
    const { operations, vkey } = await recordWork(from);
    let states = 0;
    for (let cut = 0; cut <= operations.length; cut += step) {
      const acknowledged = acknowledgedIn(operations.slice(0, cut));
      for (const survival of survivals(cut)) {
        const to = newDirectory();
        mkdirSync(to);
        writeCrashState(operations, cut, { from, to, ...survival });
        rmSync(`${to}/lock`, { force: true });
        const log = auditLog(to, PATIENT);
        await log.record(refusal());
        const key = await log.verifierKey();
        await log.close();
        if (acknowledged.length > 0) expect(key).toBe(vkey);
        await verifyLog(to, key);
        const stored = new Set((await storedIds(to)).values());
        expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
        rmSync(to, { recursive: true });
        states += 1;
      }
    }
    expect(states).toBeGreaterThan(20);
  });

  it('shows the loss when an acknowledgement comes before the sync: the control', async () => {
    const from = newDirectory();
    const { operations } = await recordWork(from);
    const unsynced = operations.filter(({ kind }) => kind !== 'sync');
    const to = newDirectory();
    mkdirSync(to);
    writeCrashState(unsynced, unsynced.length, { from, to, keepNames: () => 1000, keep: () => false });
    const stored = await storedIds(to).catch(() => new Map());
    expect(acknowledgedIn(operations).every((id) => ![...stored.values()].includes(id))).toBe(true);
  });
});
