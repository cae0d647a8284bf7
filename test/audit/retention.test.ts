import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseVerifierKey, verifyCheckpoint, verifyInclusion } from '@cloister/audit';
import { auditLog, verifyLog } from '@cloister/audit/node';
import { describe, expect, it } from 'vitest';
import { PATIENT, refusal, storedIds, useScratch } from './scratch.ts';

const newDirectory = useScratch();
const HOUR = 3_600_000;

/** A clock that the test moves. */
function movable(): { now: () => number; time: number } {
  const clock = { time: Date.UTC(2026, 0, 1), now: () => clock.time };
  return clock;
}

const segments = (directory: string): readonly string[] =>
  readdirSync(directory).filter((name) => name.startsWith('segment-'));

describe('segments', () => {
  it('rotate by size and by age, and the tree goes on', async () => {
    const directory = newDirectory();
    const clock = movable();
    const options = { ...PATIENT, clock, segmentBytes: 4000, segmentAge: HOUR };
    const log = auditLog(directory, options);
    for (let count = 0; count < 40; count++) await log.record(refusal());
    const bySize = segments(directory).length;
    expect(bySize).toBeGreaterThan(1);
    clock.time += HOUR;
    await log.record(refusal());
    expect(segments(directory)).toHaveLength(bySize + 1);
    const vkey = await log.verifierKey();
    await log.close();
    const report = await verifyLog(directory, vkey);
    expect(report).toMatchObject({ first: 0, unsigned: 0, events: { 'audit.rotate': bySize } });
    const again = auditLog(directory, options);
    await again.record(refusal());
    await again.close();
    expect((await verifyLog(directory, vkey)).size).toBe(report.size + 3);
  });

  it('are removed whole once they are old enough; proofs of what stays hold', async () => {
    const directory = newDirectory();
    const clock = movable();
    const options = { ...PATIENT, clock, segmentAge: HOUR, retainFor: 2 * HOUR };
    const log = auditLog(directory, options);
    for (let hour = 0; hour < 6; hour++) {
      await Promise.all(Array.from({ length: 150 }, () => log.record(refusal())));
      await log.checkpoint();
      clock.time += HOUR;
    }
    const { index, leafHash } = await log.record(refusal());
    const vkey = await log.verifierKey();
    await log.checkpoint();
    const { proof, size, checkpoint } = await log.prove(index);
    const { root } = await verifyCheckpoint(checkpoint, parseVerifierKey(vkey));
    verifyInclusion({ index, size, leafHash, proof, root });
    await log.close();
    const report = await verifyLog(directory, vkey);
    expect(report.first).toBeGreaterThan(300);
    expect(report.events['audit.retain']).toBeGreaterThan(0);
    expect(Math.min(...(await storedIds(directory)).keys())).toBe(report.first);
    expect(segments(directory)).not.toContain('segment-000000.log');
    expect(readdirSync(join(directory, 'tile/entries'))).not.toContain('000');

    const again = auditLog(directory, options);
    await again.record(refusal());
    expect((await again.prove(index)).leafHash).toEqual(leafHash);
    await again.close();
    expect((await verifyLog(directory, vkey)).first).toBe(report.first);
  });

  it('are refused when one is missing, out of place or says another root', async () => {
    const directory = newDirectory();
    const log = auditLog(directory, { segmentBytes: 1000 });
    for (let count = 0; count < 20; count++) await log.record(refusal());
    const vkey = await log.verifierKey();
    await log.close();
    const [first = '', second = '', third = ''] = segments(directory).map((name) => join(directory, name));
    const bytes = readFileSync(second);
    const corrupt = { code: 'ERR_AUDIT_CORRUPT' };
    const expectRefused = async (): Promise<void> => {
      await expect(verifyLog(directory, vkey)).rejects.toMatchObject(corrupt);
      await expect(auditLog(directory).record(refusal())).rejects.toMatchObject(corrupt);
    };
    rmSync(second);
    await expectRefused();
    writeFileSync(second, readFileSync(third));
    await expectRefused();
    writeFileSync(second, bytes.subarray(0, -1));
    await expectRefused();
    writeFileSync(second, bytes);
    await verifyLog(directory, vkey);
    rmSync(first);
    await expectRefused();
  });
});
