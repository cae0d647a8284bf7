import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeLogProof, parseVerifierKey, verifyCheckpoint } from '@cloister/audit';
import { auditLog, proveEvent } from '@cloister/audit/node';
import { toBase64 } from '@cloister/core';
import { describe, expect, it } from 'vitest';
import { laneSize, refusal, useScratch } from './scratch.ts';

// Third-party programs read our directory: x/mod sumdb, tessera and formats behind `tlog-oracle`, when there is one.
const oracle = process.env['CLOISTER_TLOG_ORACLE'];
const events = laneSize('CLOISTER_TLOG_EVENTS', 600);
const newDirectory = useScratch();

function ask(...words: string[]): unknown {
  return JSON.parse(execFileSync(oracle ?? '', words, { encoding: 'utf8' }));
}

describe.skipIf(oracle === undefined)('tools of others', () => {
  it('accept the directory, proofs of inclusion and consistency, and proof files', async () => {
    const directory = newDirectory();
    const log = auditLog(directory, { segmentBytes: 20_000, checkpointEvery: 64 });
    const checkpoints: string[] = [];
    for (let count = 0; count < events; count += 50) {
      await Promise.all(Array.from({ length: 50 }, () => log.record(refusal())));
      checkpoints.push(await log.checkpoint());
    }
    const vkey = await log.verifierKey();
    await log.close();
    expect(ask('fsck', directory, vkey)).toMatchObject({ ok: true });
    for (const checkpoint of checkpoints) {
      const { size, root } = await verifyCheckpoint(checkpoint, parseVerifierKey(vkey));
      const answer = ask('verify-consistency', directory, vkey, String(size), toBase64(root));
      expect(answer).toMatchObject({ ok: true });
    }
    for (let index = 0; index < events; index += 41) {
      expect(ask('verify-inclusion', directory, vkey, String(index))).toMatchObject({ ok: true });
      const proven = await proveEvent(directory, vkey, index);
      const [file, leaf] = [join(directory, 'file.tlog-proof'), join(directory, 'leaf')];
      writeFileSync(file, encodeLogProof(proven));
      writeFileSync(leaf, proven.entry);
      expect(ask('proof-check', file, vkey, leaf)).toMatchObject({ ok: true });
    }
    expect(() => ask('verify-inclusion', directory, vkey, String(events * 2))).toThrow('Command failed');
  });
});
