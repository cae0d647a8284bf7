import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvidencePolicy } from '@cloister/evidence';
import { createSimulatedTee, type SimulatedTee } from '@cloister/simulator/tee';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attestEpoch, judgeEpoch } from '../attestation/index.ts';
import { createEd25519Signer } from '../create-ed25519-signer.ts';
import { createAuditEvent } from '../events/create-audit-event.ts';
import { createCheckpoint, verifyCheckpoint } from '../note/checkpoint.ts';
import { parseVerifierKey } from '../note/verifier-key.ts';
import { auditLog, type AuditLogOptions } from './audit-log.ts';
import { readLog } from './read-log.ts';
import { verifyLog } from './verify-log.ts';

const scratch = mkdtempSync(join(tmpdir(), 'cloister-epochs-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let counter = 0;
const newDirectory = (): string => join(scratch, String(counter++));

const HOUR = 3_600_000;
const deployment = new Uint8Array(32).fill(7);
let tee: SimulatedTee;
let policy: EvidencePolicy;

beforeAll(async () => {
  tee = await createSimulatedTee();
  policy = { tee: 'tdx', workload: tee.workload, deployment: '07'.repeat(32) };
});

const judge = (changed: Partial<EvidencePolicy> = {}): ReturnType<typeof judgeEpoch> =>
  judgeEpoch({ ...policy, ...changed } as EvidencePolicy, { roots: tee.roots });

/** Six events over three epochs, one of which begins with an opening; resolves to the verifier key. */
async function fill(directory: string, options: AuditLogOptions = {}): Promise<string> {
  let time = Date.now();
  const settings = { origin: 'hospital.example/audit', clock: { now: () => time }, maxWait: 10_000, ...options };
  let vkey = '';
  for (let opening = 0; opening < 2; opening++) {
    const log = auditLog(directory, settings);
    for (let count = 0; count < 3; count++) {
      if (opening === 1 && count === 2) time += HOUR;
      const code = 'ERR_AUDIT_EVENT';
      await log.record(createAuditEvent({ type: 'security.refused', outcome: 'deny', stage: 'audit', code }, settings));
    }
    vkey = await log.verifierKey();
    await log.close();
  }
  return vkey;
}

describe('epochs', () => {
  it('begin with each opening and each hour, and are certified', async () => {
    const directory = newDirectory();
    const vkey = await fill(directory);
    const events = (await Array.fromAsync(readLog(directory))).map(({ event }) => event);
    const epochs = events.filter((event) => event.type === 'audit.epoch');
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(new Set(epochs.map(({ key }) => key)).size).toBe(3);
    expect(await verifyLog(directory, vkey)).toMatchObject({ epochs: 3, keyAttested: false, simulated: false });
    await expect(verifyLog(directory, vkey, { judge: judge() })).rejects.toMatchObject({
      code: 'ERR_AUDIT_ATTESTATION',
    });
  });

  it('are bound to the enclave: evidence satisfies the policy and names key and tree', async () => {
    const directory = newDirectory();
    const vkey = await fill(directory, { attest: attestEpoch(tee.provider, { deployment }) });
    expect(await verifyLog(directory, vkey)).toMatchObject({ epochs: 3, keyAttested: false });
    expect(await verifyLog(directory, vkey, { judge: judge() })).toMatchObject({ keyAttested: true, simulated: true });
    const refused = { code: 'ERR_AUDIT_ATTESTATION' };
    const others: readonly Partial<EvidencePolicy>[] = [{ deployment: '08'.repeat(32) }, { tee: 'sev-snp' } as never];
    for (const changed of others) {
      await expect(verifyLog(directory, vkey, { judge: judge(changed) })).rejects.toMatchObject(refused);
    }
    await expect(verifyLog(directory, vkey, { judge: judgeEpoch(policy) })).rejects.toMatchObject(refused);
    const file = join(directory, 'evidence/000002');
    cpSync(join(directory, 'evidence/000001'), file);
    await expect(verifyLog(directory, vkey)).rejects.toMatchObject({ code: 'ERR_AUDIT_CORRUPT' });
    rmSync(file);
    await expect(verifyLog(directory, vkey)).rejects.toMatchObject({ code: 'ERR_AUDIT_CORRUPT' });
  });

  it('do not begin without evidence where it is asked for: nothing is stored', async () => {
    const log = auditLog(newDirectory(), { attest: () => Promise.reject(new Error('no quote')) });
    const event = createAuditEvent({
      type: 'security.refused',
      outcome: 'deny',
      stage: 'audit',
      code: 'ERR_AUDIT_EVENT',
    });
    await expect(log.record(event)).rejects.toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' });
    await log.close();
  });
});

describe('who holds', () => {
  it("the log's key alone signs nothing that counts", async () => {
    const directory = newDirectory();
    const signer = await createEd25519Signer();
    const vkey = await fill(directory, { signer });
    const path = join(directory, 'checkpoint');
    const checkpoint = await verifyCheckpoint(readFileSync(path, 'utf8'), parseVerifierKey(vkey));
    writeFileSync(path, await createCheckpoint(checkpoint, signer));
    await expect(verifyLog(directory, vkey)).rejects.toMatchObject({ code: 'ERR_AUDIT_CORRUPT' });
    await expect(fill(directory, { signer })).rejects.toMatchObject({ code: 'ERR_AUDIT_CORRUPT' });
    // The key of another epoch does not count either.
    writeFileSync(path, await createCheckpoint(checkpoint, signer, await createEd25519Signer()));
    await expect(verifyLog(directory, vkey)).rejects.toMatchObject({ code: 'ERR_AUDIT_CORRUPT' });
  });

  it('the key of an epoch and the disk cannot begin another one, and so rewrites nothing before it', async () => {
    const original = newDirectory();
    const vkey = await fill(original, { signer: await createEd25519Signer() });
    const forged = newDirectory();
    await fill(forged, { signer: await createEd25519Signer() });
    await expect(verifyLog(forged, vkey)).rejects.toMatchObject({ code: 'ERR_AUDIT_CORRUPT' });
  });

  it('every key, the disk and old evidence, but not the enclave, cannot rewrite a log that is judged', async () => {
    const signer = await createEd25519Signer();
    const [original, forged] = [newDirectory(), newDirectory()];
    const vkey = await fill(original, { signer, attest: attestEpoch(tee.provider, { deployment }) });
    const replay = async ({ epoch }: { epoch: number }): Promise<Uint8Array> =>
      Uint8Array.from(readFileSync(join(original, `evidence/00000${epoch}`)));
    await fill(forged, { signer, attest: replay });
    // Without a judge this is the limit: the owner of the log's key can write another log.
    expect(await verifyLog(forged, vkey)).toMatchObject({ keyAttested: false });
    await expect(verifyLog(forged, vkey, { judge: judge() })).rejects.toMatchObject({ code: 'ERR_AUDIT_ATTESTATION' });
    expect(await verifyLog(original, vkey, { judge: judge() })).toMatchObject({ keyAttested: true });
  });
});
