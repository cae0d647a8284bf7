import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CpuEvidence, utf8 } from '@cloister/core';
import { createFakeConfigfs, type FakeConfigfsOptions } from '@cloister/simulator/guest';
import { createSimulatedTee } from '@cloister/simulator/tee';
import { parseTdxQuote } from '@cloister/evidence/tdx';
import { describe, expect, it } from 'vitest';
import { configfsTsm } from './configfs-tsm.ts';
import { systemFiles } from './tsm-files.ts';

const reportData = Uint8Array.from({ length: 64 }, (_, index) => index);
const tee = await createSimulatedTee();

async function issue(data: Uint8Array): Promise<Uint8Array> {
  const evidence = await tee.provider.collect(data);
  return evidence.tee === 'tdx' ? evidence.quote : new Uint8Array(0);
}

/** A report of the right length with the data where AMD puts it. */
function snpReport(data: Uint8Array): Uint8Array {
  const report = new Uint8Array(1184);
  report.set(data, 0x50);
  return report;
}

/** GUIDs as text; the table may hold them in either byte order. */
function certificateTable(entries: readonly (readonly [guid: string, body: string])[]): Uint8Array {
  const bodies = entries.map(([, body]) => Buffer.from(body));
  const table = Buffer.alloc(24 * (entries.length + 1));
  let offset = table.length;
  for (const [index, [guid]] of entries.entries()) {
    table.set(Buffer.from(guid.replaceAll('-', ''), 'hex'), index * 24);
    table.writeUInt32LE(offset, index * 24 + 16);
    table.writeUInt32LE(bodies[index]?.length ?? 0, index * 24 + 20);
    offset += bodies[index]?.length ?? 0;
  }
  return new Uint8Array(Buffer.concat([table, ...bodies]));
}

const VCEK = '63da758d-e664-4564-adc5-f4b93be8accd';
const CRL = '92f81bc3-5811-4d3d-97ff-d19f88dc67ea';
const ASK = '4ab7b379-bbac-4fe4-a02f-05aef327c782';
/** c0b406a4-a803-4952-9743-3fb6014cd0ae with its first three fields reversed. */
const ARK_SWAPPED = 'a406b4c0-03a8-5249-9743-3fb6014cd0ae';

function kernel(options: Partial<FakeConfigfsOptions> = {}): ReturnType<typeof createFakeConfigfs> {
  return createFakeConfigfs({ issue, ...options });
}

function signedBy(evidence: CpuEvidence): Uint8Array | undefined {
  return evidence.tee === 'tdx' ? parseTdxQuote(evidence.quote).report.reportData : undefined;
}

const refused = (code: string): unknown => expect.objectContaining({ code });

describe('TDX', () => {
  it('gets a quote over the report data and leaves no entry behind', async () => {
    const files = kernel();
    const evidence = await configfsTsm({ tee: 'tdx', files }).collect(reportData);
    expect(signedBy(evidence)).toEqual(reportData);
    expect(files.entries.size).toBe(0);
  });

  it('serves many callers at once, each with an entry of its own', async () => {
    const provider = configfsTsm({ tee: 'tdx', files: kernel() });
    const asked = Array.from({ length: 20 }, (_, index) => provider.collect(new Uint8Array(64).fill(index)));
    await expect(Promise.all(asked)).resolves.toHaveLength(20);
  });

  it('tries again when somebody wrote between its write and its read', async () => {
    let disturbed = 0;
    const files = kernel({
      hook: (operation, attribute, entry) => {
        if (operation !== 'read' || attribute !== 'outblob' || disturbed > 0) return;
        disturbed++;
        entry.inblob = new Uint8Array(64).fill(9);
        entry.generation++;
      },
    });
    expect(signedBy(await configfsTsm({ tee: 'tdx', files }).collect(reportData))).toEqual(reportData);
    expect(disturbed).toBe(1);
  });

  it('gives up when somebody always does, also when the data is put back', async () => {
    const files = kernel({
      hook: (operation, attribute, entry) => {
        if (operation === 'read' && attribute === 'outblob') entry.generation++;
      },
    });
    await expect(configfsTsm({ tee: 'tdx', files }).collect(reportData)).rejects.toEqual(
      refused('ERR_HOST_EVIDENCE_CONFLICT'),
    );
    expect(files.entries.size).toBe(0);
  });

  it.each([
    ['another driver', { driver: 'sev_guest' }, 'ERR_HOST_TEE_MISMATCH'],
    ['a quote over other data', { issue: async () => issue(new Uint8Array(64)) }, 'ERR_HOST_EVIDENCE_UNBOUND'],
    ['bytes that are no quote', { issue: () => new Uint8Array(100) }, 'ERR_HOST_EVIDENCE_MALFORMED'],
    ['no folder', { root: '/nowhere' }, 'ERR_HOST_EVIDENCE_UNAVAILABLE'],
    [
      'a hypervisor that fails',
      { issue: () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'read' })) },
      'ERR_HOST_EVIDENCE_REFUSED',
    ],
    [
      'a report that stays busy',
      { issue: () => Promise.reject(Object.assign(new Error('EBUSY'), { code: 'EBUSY', syscall: 'read' })) },
      'ERR_HOST_EVIDENCE_CONFLICT',
    ],
  ])('refuses %s', async (_name, options, code) => {
    const files = kernel(options);
    await expect(configfsTsm({ tee: 'tdx', files }).collect(reportData)).rejects.toEqual(refused(code));
    expect(files.entries.size).toBe(0);
  });

  it('refuses report data of another length before it asks', async () => {
    await expect(configfsTsm({ tee: 'tdx', files: kernel() }).collect(new Uint8Array(32))).rejects.toThrow(RangeError);
  });
});

describe('SEV-SNP', () => {
  const snp = { driver: 'sev_guest', issue: snpReport };

  it('gets the report, the certificates in chain order and the list, GUIDs in either byte order', async () => {
    const auxiliary = certificateTable([
      [ARK_SWAPPED, 'ark'],
      [ASK, 'ask'],
      [VCEK, 'vcek'],
      [CRL, 'crl'],
    ]);
    const files = kernel({ ...snp, auxiliary });
    const evidence = await configfsTsm({ tee: 'sev-snp', files }).collect(reportData);
    const [certs, crls] = ['vcek ask ark', 'crl'].map((names) => names.split(' ').map((name) => utf8(name)));
    expect(evidence).toEqual({ tee: 'sev-snp', report: snpReport(reportData), certs, crls });
  });

  it('asks for the privilege level and counts that write too', async () => {
    let level: number | undefined;
    const files = kernel({
      ...snp,
      auxiliary: new Uint8Array(0),
      hook: (operation, _attribute, entry) => {
        if (operation === 'read') level = entry.privilegeLevel;
      },
    });
    const evidence = await configfsTsm({ tee: 'sev-snp', files, privilegeLevel: 2 }).collect(reportData);
    expect(evidence).toEqual({ tee: 'sev-snp', report: snpReport(reportData) });
    expect(level).toBe(2);
  });

  it.each([
    ['no table', {}, 'ERR_HOST_EVIDENCE_REFUSED'],
    [
      'a table that points outside',
      { auxiliary: certificateTable([[VCEK, 'vcek']]).slice(0, -1) },
      'ERR_HOST_EVIDENCE_MALFORMED',
    ],
    [
      'a report over other data',
      { auxiliary: new Uint8Array(0), issue: () => new Uint8Array(1184) },
      'ERR_HOST_EVIDENCE_UNBOUND',
    ],
    [
      'a cut report',
      { auxiliary: new Uint8Array(0), issue: () => new Uint8Array(1183) },
      'ERR_HOST_EVIDENCE_MALFORMED',
    ],
  ])('refuses %s', async (_name, options, code) => {
    const files = kernel({ ...snp, ...options });
    await expect(configfsTsm({ tee: 'sev-snp', files }).collect(reportData)).rejects.toEqual(refused(code));
  });
});

describe('the file system of this machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cloister-tsm-'));

  it('writes whole values to files that exist, and makes none', async () => {
    const path = join(folder, 'entry');
    await systemFiles.mkdir(path);
    await expect(systemFiles.write(join(path, 'inblob'), reportData)).rejects.toMatchObject({ code: 'ENOENT' });
    await systemFiles.rmdir(path);
    rmSync(folder, { recursive: true });
  });

  it('says that a guest without the interface has none', async () => {
    const root = join(folder, 'missing');
    await expect(configfsTsm({ tee: 'tdx', root }).collect(reportData)).rejects.toMatchObject({
      code: 'ERR_HOST_EVIDENCE_UNAVAILABLE',
    });
  });
});
