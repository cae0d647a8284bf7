import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOcsfExporter, toOtlpRecord } from '@cloister/audit';
import { attestEpoch } from '@cloister/audit/attestation';
import { auditLog } from '@cloister/audit/node';
import { createTerminal, runCli } from '@cloister/cli';
import { canonicalJson, sha256, toBase64, toHex } from '@cloister/core';
import { createSimulatedTee } from '@cloister/simulator/tee';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusal, useScratch } from './scratch.ts';

const newDirectory = useScratch();
let directory: string;
let vkey: string;
let earlier: string;

beforeAll(async () => {
  directory = newDirectory();
  const log = auditLog(directory, { origin: 'hospital.example/audit' });
  for (let count = 0; count < 3; count++) await log.record(refusal());
  earlier = join(directory, 'earlier');
  writeFileSync(earlier, await log.checkpoint());
  for (let count = 0; count < 3; count++) await log.record(refusal());
  vkey = await log.verifierKey();
  await log.close();
});

async function cli(...words: string[]): Promise<{ status: number; out: string; err: string }> {
  const text = { out: '', err: '' };
  const streams = {
    stdout: { write: (part: string) => (text.out += part) },
    stderr: { write: (part: string) => (text.err += part) },
  };
  return { status: await runCli(['audit', ...words], createTerminal(streams, {})), ...text };
}

const lines = (text: string): readonly unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

describe('cloister audit', () => {
  it('verify: accepts, and rejects under another key, a lost checkpoint and a later one', async () => {
    expect(await cli('verify', directory, '--key', vkey, '--pinned', earlier)).toMatchObject({ status: 0 });
    const { status, out } = await cli('verify', directory, '--key', join(directory, 'vkey'), '--json');
    expect(JSON.parse(out)).toMatchObject({ verdict: 'accept', size: 8, refused: 0, events: { 'audit.open': 1 } });
    expect(status).toBe(0);
    const other = auditLog(newDirectory(), { origin: 'hospital.example/audit' });
    const rejected = await cli('verify', directory, '--key', await other.verifierKey(), '--json');
    await other.close();
    expect(JSON.parse(rejected.out)).toMatchObject({ verdict: 'reject', refusal: { code: 'ERR_AUDIT_CORRUPT' } });
    expect(rejected.status).toBe(10);
    expect((await cli('verify', newDirectory(), '--key', vkey)).status).toBe(10);
    expect((await cli('verify', directory)).status).toBe(2);
  });

  it('verify with a policy: the keys that signed are bound to the enclave', async () => {
    const tee = await createSimulatedTee();
    const path = newDirectory();
    const log = auditLog(path, { attest: attestEpoch(tee.provider, { deployment: new Uint8Array(32).fill(7) }) });
    await log.record(refusal());
    const key = await log.verifierKey();
    await log.close();
    const [policy, roots] = [join(path, 'policy.json'), join(path, 'roots.json')];
    const demand = { tee: 'tdx', workload: tee.workload, deployment: '07'.repeat(32) };
    writeFileSync(policy, JSON.stringify(demand));
    writeFileSync(roots, JSON.stringify({ roots: { intel: tee.roots.intel.map((root) => toBase64(root)) } }));
    const words = ['verify', path, '--key', key, '--json', '--policy', policy];
    const accepted = await cli(...words, '--roots', roots);
    expect(JSON.parse(accepted.out)).toMatchObject({
      verdict: 'accept',
      keyAttested: true,
      simulated: true,
      epochs: 1,
    });
    const refused = { verdict: 'reject', refusal: { code: 'ERR_AUDIT_ATTESTATION' } };
    expect(JSON.parse((await cli(...words)).out)).toMatchObject(refused);
    writeFileSync(policy, JSON.stringify({ ...demand, deployment: '08'.repeat(32) }));
    expect(JSON.parse((await cli(...words, '--roots', roots)).out)).toMatchObject(refused);
  });

  it('prove and check: the proof of an event stands without the log', async () => {
    const { out, status } = await cli('prove', directory, '4', '--key', vkey, '--json');
    expect(status).toBe(0);
    const { entry, proof } = JSON.parse(out) as { entry: string; proof: string };
    const [file, event] = [join(directory, 'a.tlog-proof'), join(directory, 'event')];
    writeFileSync(file, proof);
    writeFileSync(event, `${entry}\n`);
    expect((await cli('prove', directory, '4', '--key', vkey)).out).toBe(proof);
    expect(await cli('check', file, '--event', event, '--key', vkey)).toMatchObject({ status: 0 });
    writeFileSync(event, entry.replace('deny', 'allow'));
    expect(await cli('check', file, '--event', event, '--key', vkey)).toMatchObject({ status: 10 });
    writeFileSync(file, proof.replace('index 4', 'index 04'));
    expect(await cli('check', file, '--event', event, '--key', vkey)).toMatchObject({ status: 10 });
    expect((await cli('prove', directory, '8', '--key', vkey)).status).toBe(10);
    expect((await cli('prove', directory, 'x', '--key', vkey)).status).toBe(2);
  });

  it('tail and export: the same events in every form', async () => {
    expect(lines((await cli('tail', directory, '--count', '2', '--json')).out)).toHaveLength(2);
    expect((await cli('tail', directory, '--count', '1')).out).toMatch(/^ +7 {2}2.*deny +security\.refused +ERR_AUDIT/);
    const plain = lines((await cli('export', directory)).out) as { id: string; ts: number }[];
    expect(plain).toHaveLength(8);
    expect(lines((await cli('export', directory, '--from', '5')).out)).toEqual(plain.slice(5));
    const [otlp] = lines((await cli('export', directory, '--format', 'otlp')).out) as [
      { resourceLogs: { scopeLogs: { logRecords: { timeUnixNano: string }[] }[] }[] },
    ];
    const records = otlp.resourceLogs[0]?.scopeLogs[0]?.logRecords ?? [];
    expect(records.map(({ timeUnixNano }) => timeUnixNano)).toEqual(plain.map(({ ts }) => `${ts}000000`));
    expect((await cli('export', directory, '--format', 'ocsf')).status).toBe(2);
    expect((await cli('export', directory, '--format', 'xml')).status).toBe(2);
  });

  it('export as OCSF: every event names its own digest and the one before', async () => {
    const { out } = await cli('export', directory, '--format', 'ocsf', '--key', vkey);
    const events = lines(out) as { attestation_list: [Record<string, unknown>] }[];
    let previous: unknown;
    for (const event of events) {
      const { fingerprint, ...chain } = event.attestation_list[0];
      expect(chain['prev_event']).toEqual(previous);
      const value = toHex(sha256(canonicalJson({ ...event, attestation_list: [chain] } as never)));
      expect(fingerprint).toMatchObject({ algorithm_id: 3, value });
      const { type_uid, metadata } = event as unknown as { type_uid: number; metadata: { uid: string } };
      previous = { uid: metadata.uid, type_uid, fingerprint };
    }
    expect(events).toHaveLength(8);
  });
});

describe('exported events', () => {
  it('hold nothing that the event does not', () => {
    const event = refusal();
    expect(toOtlpRecord({ index: 3, event })).toMatchObject({
      eventName: 'cloister.security.refused',
      severityNumber: 13,
      attributes: expect.arrayContaining([{ key: 'cloister.audit.index', value: { intValue: '3' } }]) as unknown,
    });
    const exported = createOcsfExporter('origin')({ index: 0, event });
    expect(exported).toMatchObject({ class_uid: 6003, type_uid: 600_399, unmapped: { event } });
  });
});

it('the command line writes no file', () => {
  expect(readFileSync(join(directory, 'vkey'), 'utf8')).toBe(`${vkey}\n`);
});
