import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditLog, verifyLog } from '@cloister/audit/node';
import { isCloisterError } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { laneSize, PATIENT, refusal, storedIds, useScratch } from './scratch.ts';

const newDirectory = useScratch();
/** `CLOISTER_AUDIT_TAIL_STEP=1` takes every byte. */
const step = laneSize('CLOISTER_AUDIT_TAIL_STEP', 37);

/** A log whose last events no checkpoint covers, left as a crash leaves it. */
async function crashed(): Promise<{ directory: string; vkey: string; covered: number }> {
  const directory = newDirectory();
  const log = auditLog(directory, PATIENT);
  await log.record(refusal());
  await log.checkpoint();
  const covered = readFileSync(segment(directory)).length;
  for (let count = 0; count < 3; count++) await log.record(refusal());
  await Promise.all([log.record(refusal()), log.record(refusal()), log.record(refusal())]);
  const copy = newDirectory();
  cpSync(directory, copy, { recursive: true });
  rmSync(join(copy, 'lock'));
  const vkey = await log.verifierKey();
  await log.close();
  return { directory: copy, vkey, covered };
}

const segment = (directory: string): string => join(directory, 'segment-000000.log');

async function reopen(directory: string): Promise<void> {
  const log = auditLog(directory, PATIENT);
  try {
    await log.record(refusal());
  } finally {
    await log.close();
  }
}

describe('the end of a log, damaged', () => {
  it('cut at any byte behind the checkpoint: opens with every whole event before the cut', async () => {
    const { directory, vkey, covered } = await crashed();
    const before = await storedIds(directory);
    const bytes = readFileSync(segment(directory));
    for (let length = covered; length <= bytes.length; length += step) {
      const copy = newDirectory();
      cpSync(directory, copy, { recursive: true });
      truncateSync(segment(copy), length);
      const whole = await storedIds(copy);
      for (const [index, id] of whole) expect(before.get(index)).toBe(id);
      await reopen(copy);
      expect(await verifyLog(copy, vkey)).toMatchObject({ tailBytes: 0 });
      const after = await storedIds(copy);
      for (const [index, id] of whole) expect(after.get(index)).toBe(id);
      rmSync(copy, { recursive: true });
    }
  });

  it('cut at any byte before the checkpoint: refused and left as it is', async () => {
    const { directory, covered } = await crashed();
    const bytes = readFileSync(segment(directory));
    for (let length = 0; length < covered; length += step) {
      writeFileSync(segment(directory), bytes.subarray(0, length));
      await expect(reopen(directory)).rejects.toMatchObject({ code: 'ERR_AUDIT_CORRUPT' });
      expect(readFileSync(segment(directory)).length).toBe(length);
    }
  });

  it('changed in any byte: opens with what was signed, or refuses; never with anything else', async () => {
    const { directory, vkey } = await crashed();
    const before = await storedIds(directory);
    const bytes = readFileSync(segment(directory));
    let refused = 0;
    for (let at = 0; at < bytes.length; at += step) {
      const copy = newDirectory();
      cpSync(directory, copy, { recursive: true });
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(segment(copy), changed);
      try {
        await reopen(copy);
        await verifyLog(copy, vkey);
        const after = await storedIds(copy);
        // The three new events come after what was kept.
        for (const [index, id] of [...after].slice(0, -3)) expect(before.get(index)).toBe(id);
      } catch (error) {
        expect(isCloisterError(error)).toBe(true);
        refused += 1;
      }
      rmSync(copy, { recursive: true });
    }
    expect(refused).toBeGreaterThan(0);
  });
});
