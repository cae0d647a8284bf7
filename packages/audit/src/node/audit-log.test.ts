import { execFile } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { equalBytes, systemRandom } from '@cloister/core';
import type { AuditEvent } from '@cloister/core';
import { afterAll, describe, expect, it } from 'vitest';
import { createEd25519Signer } from '../create-ed25519-signer.ts';
import { createAuditEvent } from '../events/create-audit-event.ts';
import { createPseudonymizer } from '../events/create-pseudonymizer.ts';
import { verifyInclusion } from '../merkle/verify-inclusion.ts';
import { verifyCheckpoint } from '../note/checkpoint.ts';
import { parseVerifierKey } from '../note/verifier-key.ts';
import { auditLog } from './audit-log.ts';
import type { AuditLog, AuditLogOptions } from './audit-log.ts';
import { verifyLog } from './verify-log.ts';

const scratch = mkdtempSync(join(tmpdir(), 'cloister-audit-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let counter = 0;
const newDirectory = (): string => join(scratch, String(counter++));
const refer = createPseudonymizer(systemRandom(32));
const labels = { collection: ['notes'], model: ['m'], redaction: ['EMAIL'] };

function queryEvent(returned = 1): AuditEvent {
  return createAuditEvent({
    type: 'retrieval.query',
    outcome: 'allow',
    tenant: refer('tenant', 'st-mary'),
    actor: refer('actor', 'dr-jones'),
    request: refer('request', String(returned)),
    collection: 'notes',
    mode: 'sealed',
    limit: 5,
    scanned: 30,
    returned,
    refusedByAcl: 0,
    refusedByStore: 0,
    rollback: 'not-detected',
    ms: 3,
  });
}

function openLog(directory: string, options?: AuditLogOptions): AuditLog {
  const log = auditLog(directory, options);
  log.register(labels);
  return log;
}

/** A closed log with so many events after `audit.open`; resolves to its verifier key. */
async function fill(directory: string, events: number, options?: AuditLogOptions): Promise<string> {
  const log = openLog(directory, options);
  try {
    await Promise.all(Array.from({ length: events }, (_, index) => log.record(queryEvent(index))));
    return await log.verifierKey();
  } finally {
    await log.close();
  }
}

const segmentOf = (directory: string): string => join(directory, 'segment-000000.log');

describe('auditLog', () => {
  it('stores events in order and proves each of them', async () => {
    const directory = newDirectory();
    const log = openLog(directory);
    const records = await Promise.all(Array.from({ length: 20 }, (_, index) => log.record(queryEvent(index))));
    expect(records.map(({ index }) => index)).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
    const key = parseVerifierKey(await log.verifierKey());
    for (const { index, leafHash } of records) {
      const { proof, size, checkpoint } = await log.prove(index);
      const { root } = await verifyCheckpoint(checkpoint, key);
      verifyInclusion({ index, size, leafHash, proof, root });
    }
    await expect(log.prove(22)).rejects.toMatchObject({ code: 'ERR_AUDIT_PROOF' });
    await log.close();
    expect(await verifyLog(directory, await readKey(directory))).toMatchObject({
      size: 22,
      unsigned: 0,
      tailBytes: 0,
      events: { 'audit.open': 1, 'audit.epoch': 1, 'retrieval.query': 20 },
      epochs: 1,
      keyAttested: false,
    });
  });

  it('goes on where it was closed and ties the openings together', async () => {
    const directory = newDirectory();
    const vkey = await fill(directory, 3);
    expect(await fill(directory, 2)).toBe(vkey);
    expect(await verifyLog(directory, vkey)).toMatchObject({
      size: 9,
      events: { 'audit.open': 2, 'audit.epoch': 2, 'retrieval.query': 5 },
    });
  });

  it('lays out tiles as C2SP tlog-tiles says, across full tiles', async () => {
    const directory = newDirectory();
    const vkey = await fill(directory, 300, { checkpointEvery: 100 });
    expect(await verifyLog(directory, vkey)).toMatchObject({ size: 302 });
    expect(statSync(join(directory, 'tile/0/000')).size).toBe(256 * 32);
    expect(statSync(join(directory, 'tile/0/001.p/46')).size).toBe(46 * 32);
    expect(statSync(join(directory, 'tile/1/000.p/1')).size).toBe(32);
    expect(existsSync(join(directory, 'tile/entries/000'))).toBe(true);
    expect(existsSync(join(directory, 'tile/0/000.p'))).toBe(false);
  });

  it('keeps files to the owner', async () => {
    const directory = newDirectory();
    await fill(directory, 1);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of ['key', 'vkey', 'checkpoint', 'segment-000000.log']) {
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
    }
    expect(readdirSync(directory).toSorted()).toEqual(['checkpoint', 'key', 'segment-000000.log', 'tile', 'vkey']);
  });

  it('refuses what is not an event, and nothing is stored', async () => {
    const directory = newDirectory();
    const log = openLog(directory);
    await log.record(queryEvent());
    const refused = { code: 'ERR_AUDIT_EVENT' };
    await expect(log.record({ ...queryEvent(), question: 'text' } as unknown as AuditEvent)).rejects.toMatchObject(
      refused,
    );
    await expect(log.record({ ...queryEvent(), collection: 'unknown' } as AuditEvent)).rejects.toMatchObject(refused);
    await expect(log.record({ type: 'audit.open' } as AuditEvent)).rejects.toMatchObject(refused);
    await log.close();
    expect(await verifyLog(directory, await readKey(directory))).toMatchObject({ size: 3 });
  });

  it('has one writer, and a crashed one does not block the next', async () => {
    const directory = newDirectory();
    const log = openLog(directory);
    await log.record(queryEvent());
    await expect(openLog(directory).record(queryEvent())).rejects.toMatchObject({ code: 'ERR_AUDIT_LOCKED' });
    await log.close();
    writeFileSync(join(directory, 'lock'), `00000000-0000-0000-0000-000000000000 ${process.pid} 1`);
    await fill(directory, 1);
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });

  it('accepts nothing once closed and closes twice', async () => {
    const log = openLog(newDirectory());
    await log.record(queryEvent());
    await log.close();
    await log.close();
    await expect(log.record(queryEvent())).rejects.toMatchObject({ code: 'ERR_AUDIT_CLOSED' });
    await openLog(newDirectory()).close();
  });

  it('refuses more than may wait, instead of dropping', async () => {
    const directory = newDirectory();
    const log = openLog(directory, { maxWaiting: 4 });
    await log.verifierKey();
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => log.record(queryEvent())));
    const stored = results.filter(({ status }) => status === 'fulfilled').length;
    const busy = results.filter((result) => result.status === 'rejected' && result.reason.code === 'ERR_AUDIT_BUSY');
    expect(stored + busy.length).toBe(10);
    expect(busy.length).toBeGreaterThan(0);
    await log.close();
    expect(await verifyLog(directory, await readKey(directory))).toMatchObject({
      refused: busy.length,
      events: { 'retrieval.query': stored },
    });
  });

  it('uses the signer it was given and insists on it', async () => {
    const directory = newDirectory();
    const signer = await createEd25519Signer();
    const vkey = await fill(directory, 1, { signer, origin: 'hospital.example/audit' });
    expect(vkey).toMatch(/^hospital\.example\/audit\+/);
    expect(existsSync(join(directory, 'key'))).toBe(false);
    await expect(fill(directory, 1, { signer: await createEd25519Signer() })).rejects.toMatchObject({
      code: 'ERR_AUDIT_KEY',
    });
    await expect(fill(directory, 1, { signer, origin: 'other' })).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY' });
    expect(await fill(directory, 1, { signer })).toBe(vkey);
  });
});

describe('recovery', () => {
  it('cuts an unfinished write wherever it ends and keeps everything before it', async () => {
    const source = newDirectory();
    const vkey = await fill(source, 2);
    const whole = readFileSync(segmentOf(source)).length;
    const unsigned = newDirectory();
    cpSync(source, unsigned, { recursive: true });
    const log = openLog(unsigned);
    await log.record(queryEvent(7));
    const grown = readFileSync(segmentOf(unsigned)).length;
    for (let length = whole; length < grown; length += 37) {
      const directory = newDirectory();
      cpSync(unsigned, directory, { recursive: true });
      rmSync(join(directory, 'lock'));
      truncateSync(segmentOf(directory), length);
      await fill(directory, 1);
      const report = await verifyLog(directory, vkey);
      expect(report.tailBytes).toBe(0);
      expect(report.events['retrieval.query']).toBe(3);
    }
    await log.close();
  });

  it('says in the log how much was cut', async () => {
    const directory = newDirectory();
    const vkey = await fill(directory, 1);
    appendFileSync(segmentOf(directory), new Uint8Array(5));
    expect(await verifyLog(directory, vkey)).toMatchObject({ tailBytes: 5 });
    await fill(directory, 1);
    expect(readFileSync(segmentOf(directory), 'utf8')).toContain('"cutBytes":5');
  });

  it('leaves no file of a writer that was killed while it replaced one', async () => {
    const directory = newDirectory();
    await fill(directory, 300);
    const full = join(directory, 'tile/entries/000');
    renameSync(full, `${full}.tmp`);
    for (const name of ['checkpoint', 'vkey', 'tile/0/000']) writeFileSync(join(directory, `${name}.tmp`), 'left over');
    rmSync(join(directory, 'tile/0/000'));
    rmSync(join(directory, 'vkey'));
    const key = await fill(directory, 1);
    await verifyLog(directory, key);
    const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('refuses a log that lost what a checkpoint covers', async () => {
    const directory = newDirectory();
    await fill(directory, 3);
    truncateSync(segmentOf(directory), readFileSync(segmentOf(directory)).length - 1);
    await expect(fill(directory, 1)).rejects.toMatchObject({ code: 'ERR_AUDIT_CORRUPT' });
  });

  it('refuses damage before a whole frame', async () => {
    const directory = newDirectory();
    await fill(directory, 3);
    rmSync(join(directory, 'checkpoint'));
    const bytes = readFileSync(segmentOf(directory));
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(segmentOf(directory), bytes);
    await expect(fill(directory, 1)).rejects.toMatchObject({ code: 'ERR_AUDIT_CORRUPT' });
  });

  it('keeps every acknowledged event when the process is killed', async () => {
    const directory = newDirectory();
    const script = `
      import { auditLog } from ${JSON.stringify(new URL('./audit-log.ts', import.meta.url).href)};
      import { createAuditEvent } from ${JSON.stringify(new URL('../events/create-audit-event.ts', import.meta.url).href)};
      const log = auditLog(${JSON.stringify(directory)}, { checkpointEvery: 16 });
      const event = () => createAuditEvent({ type: 'security.refused', outcome: 'deny', stage: 'audit', code: 'ERR_AUDIT_EVENT' });
      for (let round = 0; ; round++) {
        const records = await Promise.all(Array.from({ length: 10 }, () => log.record(event())));
        process.stdout.write(records.map(({ index }) => index).join('\\n') + '\\n');
        if (round === 20) process.kill(process.pid, 'SIGKILL');
      }`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    const { signal, stdout } = (await run.catch((error: unknown) => error)) as { signal: string; stdout: string };
    expect(signal).toBe('SIGKILL');
    const acknowledged = Math.max(...stdout.trim().split('\n').map(Number));
    expect(acknowledged).toBeGreaterThanOrEqual(200);
    await fill(directory, 0);
    const report = await verifyLog(directory, await readKey(directory));
    expect(report.events['security.refused']).toBeGreaterThanOrEqual(acknowledged - 1);
  });
});

describe('verifyLog', () => {
  it('refuses every changed byte of a small log', async () => {
    const source = newDirectory();
    const vkey = await fill(source, 2);
    const names = ['checkpoint', 'segment-000000.log', 'tile/0/000.p/4', 'tile/entries/000.p/4'];
    const directory = newDirectory();
    cpSync(source, directory, { recursive: true });
    await verifyLog(directory, vkey);
    for (const name of names) {
      const original = readFileSync(join(source, name));
      for (let at = 0; at < original.length; at += 23) {
        const changed = Uint8Array.from(original);
        changed[at] = (changed[at] ?? 0) ^ 1;
        writeFileSync(join(directory, name), changed);
        await expect(verifyLog(directory, vkey), `${name}@${at}`).rejects.toMatchObject({ name: 'CloisterError' });
      }
      writeFileSync(join(directory, name), original);
    }
  });

  it('refuses a log that its owner rewrote with another key', async () => {
    const directory = newDirectory();
    await fill(directory, 2);
    const other = newDirectory();
    const vkey = await fill(other, 2);
    expect(equalBytes(readFileSync(join(directory, 'vkey')), readFileSync(join(other, 'vkey')))).toBe(false);
    await expect(verifyLog(directory, vkey)).rejects.toMatchObject({ code: 'ERR_AUDIT_CORRUPT' });
  });

  it('says what is missing', async () => {
    const directory = newDirectory();
    const vkey = await fill(directory, 2);
    rmSync(join(directory, 'tile'), { recursive: true });
    await expect(verifyLog(directory, vkey)).rejects.toMatchObject({ subject: 'tile/entries/000.p/4' });
    await fill(directory, 0);
    await verifyLog(directory, vkey);
    rmSync(join(directory, 'checkpoint'));
    await expect(verifyLog(directory, vkey)).rejects.toMatchObject({ code: 'ERR_AUDIT_CHECKPOINT' });
    await expect(verifyLog(directory, 'nonsense')).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY' });
    await expect(verifyLog(newDirectory(), vkey)).rejects.toMatchObject({ name: 'CloisterError' });
  });
});

async function readKey(directory: string): Promise<string> {
  return readFileSync(join(directory, 'vkey'), 'utf8');
}
