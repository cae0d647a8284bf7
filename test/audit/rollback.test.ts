import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  createEd25519Signer,
  createVerifierKey,
  createWitnessClient,
  parseVerifierKey,
  parseWitnessKey,
  verifyCosignature,
  verifyExtension,
} from '@cloister/audit';
import { auditLog, verifyLog, type AuditLogOptions } from '@cloister/audit/node';
import { describe, expect, it } from 'vitest';
import { refusal, useScratch } from './scratch.ts';
import { startWitness } from './witness.ts';

const newDirectory = useScratch();
const signer = await createEd25519Signer();
const origin = 'hospital.example/audit';
const key = createVerifierKey(origin, signer.publicKey);

/** Adds events and closes; resolves to the last checkpoint and the verifier key. */
async function fill(
  directory: string,
  events: number,
  options: AuditLogOptions = {},
): Promise<{ checkpoint: string; vkey: string }> {
  const log = auditLog(directory, { signer, origin, ...options });
  try {
    for (let count = 0; count < events; count++) await log.record(refusal());
    return { checkpoint: await log.checkpoint(), vkey: await log.verifierKey() };
  } finally {
    await log.close();
  }
}

/** Three ways in which the owner of disk and key shows another history than the one of the later checkpoint. */
async function lies(events: number): Promise<{ later: string; vkey: string; directories: readonly string[] }> {
  const [original, putBack, fork, cut] = [newDirectory(), newDirectory(), newDirectory(), newDirectory()];
  await fill(original, events);
  cpSync(original, putBack, { recursive: true });
  cpSync(original, fork, { recursive: true });
  cpSync(original, cut, { recursive: true });
  const { checkpoint: later, vkey } = await fill(original, events + 2);
  await fill(fork, events + 5);
  await fill(cut, 0);
  await verifyLog(original, vkey, { pinned: [later] });
  return { later, vkey, directories: [putBack, fork, cut] };
}

describe('one later checkpoint held elsewhere', () => {
  it.each([1, 2, 5, 30])('shows a disk put back, a fork and a truncation of a log of %i events', async (events) => {
    const { later, vkey, directories } = await lies(events);
    const refused = { code: 'ERR_AUDIT_ROLLBACK' };
    for (const directory of directories) {
      // The control: by themselves they are perfect logs.
      await verifyLog(directory, vkey);
      await expect(verifyLog(directory, vkey, { pinned: [later] })).rejects.toMatchObject(refused);
      await expect(fill(directory, 1, { pinned: [later] })).rejects.toMatchObject(refused);
    }
  });

  it('is extended by an honest log, which a client checks with a proof alone', async () => {
    const log = auditLog(newDirectory(), { signer, origin });
    let pinned = await log.checkpoint();
    for (let round = 0; round < 9; round++) {
      await Promise.all(Array.from({ length: round }, () => log.record(refusal())));
      const { size } = await verifyExtension({ pinned, checkpoint: pinned, proof: [] }, key);
      const { checkpoint, proof } = await log.proveExtension(size);
      await verifyExtension({ pinned, checkpoint, proof }, key);
      if (round > 0) {
        const backwards = { pinned: checkpoint, checkpoint: pinned, proof };
        await expect(verifyExtension(backwards, key)).rejects.toMatchObject({ code: 'ERR_AUDIT_ROLLBACK' });
      }
      pinned = checkpoint;
    }
    await log.close();
  });
});

describe('a witness', () => {
  it('cosigns what extends the log, across openings', async () => {
    await using witness = await startWitness(async () => key);
    const directory = newDirectory();
    const client = createWitnessClient(witness);
    await fill(directory, 3, { witnesses: [client], quorum: 1 });
    const { checkpoint, vkey } = await fill(directory, 3, { witnesses: [createWitnessClient(witness)], quorum: 1 });
    const time = await verifyCosignature(checkpoint, parseWitnessKey(witness.verifierKey));
    expect(Math.abs(time - Date.now() / 1000)).toBeLessThan(600);
    await verifyLog(directory, vkey);
    expect(() => parseVerifierKey(witness.verifierKey)).toThrow('key');
    const other = parseWitnessKey(witness.verifierKey);
    const changed = readFileSync(join(directory, 'checkpoint'), 'utf8').replace(/^10$/m, '9');
    await expect(verifyCosignature(changed, other)).rejects.toMatchObject({ code: 'ERR_AUDIT_NOTE_SIGNATURE' });
  });

  it('stops a log that was put back, forked or begun again', async () => {
    for (const change of ['put back', 'fork', 'new'] as const) {
      await using witness = await startWitness(async () => key);
      const options = (): AuditLogOptions => ({ witnesses: [createWitnessClient(witness)] });
      const [directory, copy] = [newDirectory(), newDirectory()];
      await fill(directory, 3, options());
      cpSync(directory, copy, { recursive: true });
      await fill(directory, 4, options());
      if (change === 'new') rmSync(copy, { recursive: true });
      const lied = fill(copy, change === 'fork' ? 9 : 0, options());
      await expect(lied).rejects.toMatchObject({ code: 'ERR_AUDIT_ROLLBACK' });
    }
  });

  it('is missed only where a quorum is asked for', async () => {
    await using witness = await startWitness(async () => key);
    const client = createWitnessClient(witness);
    for (const status of [403, 404, 500]) {
      witness.answer = status;
      await fill(newDirectory(), 1, { witnesses: [client] });
      await expect(fill(newDirectory(), 1, { witnesses: [client], quorum: 1 })).rejects.toMatchObject({
        code: 'ERR_AUDIT_UNAVAILABLE',
        cause: { code: 'ERR_AUDIT_WITNESS' },
      });
    }
  });
});
