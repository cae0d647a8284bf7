import { execFile } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { auditLog, verifyLog } from '@cloister/audit/node';
import { describe, expect, it } from 'vitest';
import { laneSize, PATIENT, refusal, useScratch } from './scratch.ts';

/** `check docs` sees to it that it is built from its sources. */
const BUILT = fileURLToPath(new URL('../../packages/audit/verify-log.mjs', import.meta.url));
const newDirectory = useScratch();
const step = laneSize('CLOISTER_AUDIT_TAIL_STEP', 97);

async function judge(directory: string, key: string, ...pinned: string[]): Promise<{ verdict: string; size?: number }> {
  const run = promisify(execFile)(process.execPath, [BUILT, directory, key, ...pinned]);
  const { stdout } = (await run.catch((error: unknown) => error)) as { stdout: string };
  return JSON.parse(stdout) as { verdict: string; size?: number };
}

async function fill(directory: string, events: number): Promise<string> {
  const log = auditLog(directory, { ...PATIENT, segmentBytes: 3000, origin: 'hospital.example/audit' });
  for (let count = 0; count < events; count++) await log.record(refusal());
  const vkey = await log.verifierKey();
  await log.close();
  return vkey;
}

describe('the verifier in one file', () => {
  it('is short and depends on Node alone', () => {
    const built = readFileSync(BUILT, 'utf8');
    expect(built.split('\n').length).toBeLessThanOrEqual(600);
    const imports = [...built.matchAll(/from '([^']+)'/g)].map(([, from]) => from);
    expect(imports.every((from) => from?.startsWith('node:'))).toBe(true);
  });

  it('accepts what verifyLog accepts, with the same counts', async () => {
    const directory = newDirectory();
    const vkey = await fill(directory, 40);
    const { size, root, refused, events, unsigned, epochs } = await verifyLog(directory, vkey);
    const counts = { size, root, refused, events, unsigned, epochs, evidence: 0, first: 0, tail: 0 };
    expect(await judge(directory, vkey)).toEqual({ verdict: 'accept', origin: 'hospital.example/audit', ...counts });
  });

  it('rejects every changed byte of checkpoint and segments, and a log that was put back', async () => {
    const directory = newDirectory();
    const vkey = await fill(directory, 24);
    const older = newDirectory();
    cpSync(directory, older, { recursive: true });
    for (const name of ['checkpoint', 'segment-000000.log', 'segment-000001.log']) {
      const bytes = readFileSync(join(directory, name));
      for (let at = 0; at < bytes.length; at += step) {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        writeFileSync(join(directory, name), changed);
        expect(await judge(directory, vkey), `${name}@${at}`).toMatchObject({ verdict: 'reject' });
      }
      writeFileSync(join(directory, name), bytes);
    }
    await fill(directory, 1);
    const pinned = join(directory, 'checkpoint');
    expect(await judge(older, vkey)).toMatchObject({ verdict: 'accept' });
    expect(await judge(older, vkey, pinned)).toMatchObject({ verdict: 'reject' });
    expect(await judge(directory, vkey, pinned)).toMatchObject({ verdict: 'accept' });
    rmSync(join(directory, 'segment-000000.log'));
    expect(await judge(directory, vkey)).toMatchObject({ verdict: 'reject' });
    expect(await judge(directory, 'nonsense')).toMatchObject({ verdict: 'reject' });
  });
});
