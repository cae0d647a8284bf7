import { concat, utf8 } from '@cloister/core';
import { createSimulatedSnp } from '@cloister/simulator/snp';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadSnp } from '../../../../test/evidence/load-snp.ts';
import { parseSnpReport } from './parse-snp-report.ts';

const genoa = loadSnp('attrs-genoa-v5').report;
const VERSIONS = [2, 3, 4, 5] as const;
const reports = new Map<number, Uint8Array>();

// Two keys of 4096 bits.
beforeAll(async () => {
  for (const version of VERSIONS) {
    const { provider } = await createSimulatedSnp({ version });
    const evidence = await provider.collect(new Uint8Array(64).fill(5));
    if (evidence.tee === 'sev-snp') reports.set(version, evidence.report);
  }
}, 120_000);

/** Offsets that have to be zero, written down once more from the firmware ABI. */
function isReserved(offset: number, version: number): boolean {
  const from = (start: number, end: number): boolean => offset >= start && offset <= end;
  const hasCpuid = version >= 3;
  const hasMitigations = version >= 5;
  return (
    from(0x4c, 0x4f) ||
    from(hasCpuid ? 0x18b : 0x188, 0x19f) ||
    offset === 0x1eb ||
    offset === 0x1ef ||
    from(hasMitigations ? 0x208 : 0x1f8, 0x29f) ||
    from(0x2d0, 0x2e7) ||
    from(0x318, 0x49f)
  );
}

function edit(report: Uint8Array, offset: number, ...bytes: readonly number[]): Uint8Array {
  const copy = report.slice();
  copy.set(bytes, offset);
  return copy;
}

function codeOf(report: Uint8Array): string {
  try {
    parseSnpReport(report);
    return 'parsed';
  } catch (error) {
    return (error as { code: string }).code.replace('ERR_EVIDENCE_SNP_', '');
  }
}

test('a genuine report of version 5 reads as other tools read it', () => {
  expect(parseSnpReport(genoa)).toMatchObject({
    version: 5,
    policy: 0x30000n,
    vmpl: 0,
    platformInfo: 0x25n,
    signingKey: 0,
    authorKeyEnabled: false,
    maskChipKey: false,
    cpuid: { family: 0x19, model: 0xa0, stepping: 2 },
    currentVersion: { major: 1, minor: 55, build: 49 },
    committedVersion: { major: 1, minor: 55, build: 49 },
    mitigations: { launch: 0x0bn, current: 0x0bn },
  });
});

describe.each(VERSIONS)('version %i', (version) => {
  test('parses, with what this version has', () => {
    const { cpuid, mitigations } = parseSnpReport(reports.get(version) ?? new Uint8Array());
    expect([cpuid !== undefined, mitigations !== undefined]).toEqual([version >= 3, version >= 5]);
  });

  test('every reserved byte has to be zero, and no other byte', () => {
    const report = reports.get(version) ?? new Uint8Array();
    // Version, policy, VMPL, algorithm and signer have rules of their own.
    const ruled = (offset: number): boolean =>
      offset < 4 ||
      (offset >= 8 && offset < 16) ||
      (offset >= 0x30 && offset < 0x38) ||
      (offset >= 0x48 && offset < 0x4c);
    for (let offset = 0; offset < report.length; offset++) {
      if (ruled(offset)) continue;
      const expected = isReserved(offset, version) ? 'REPORT_MALFORMED' : 'parsed';
      expect([offset, codeOf(edit(report, offset, 0xa5))]).toEqual([offset, expected]);
    }
  });
});

describe('rules of single fields', () => {
  test.each([
    ['version 1', 0x00, [1], 'VERSION_UNSUPPORTED'],
    ['version 6', 0x00, [6], 'VERSION_UNSUPPORTED'],
    ['version 258', 0x00, [2, 1], 'VERSION_UNSUPPORTED'],
    ['no algorithm', 0x34, [0], 'VERSION_UNSUPPORTED'],
    ['another algorithm', 0x34, [2], 'VERSION_UNSUPPORTED'],
    ['policy bit 17 unset', 0x0a, [0x01], 'REPORT_MALFORMED'],
    ['policy bit 26 set', 0x0b, [0x04], 'REPORT_MALFORMED'],
    ['policy bit 63 set', 0x0f, [0x80], 'REPORT_MALFORMED'],
    ['policy bit 25 set', 0x0b, [0x02], 'parsed'],
    ['VMPL 3', 0x30, [3], 'parsed'],
    ['VMPL 4', 0x30, [4], 'REPORT_MALFORMED'],
    ['asked by the host', 0x30, [255, 255, 255, 255], 'parsed'],
    ['signer bit 5 set', 0x48, [0x20], 'REPORT_MALFORMED'],
    ['signer bit 31 set', 0x4b, [0x80], 'REPORT_MALFORMED'],
    ['signer 7', 0x48, [0x1c], 'parsed'],
  ] as const)('%s', (_, offset, bytes, code) => {
    expect(codeOf(edit(genoa, offset, ...bytes))).toBe(code);
  });

  test.each([
    ['nothing', new Uint8Array(0), 'REPORT_MALFORMED'],
    ['three bytes', genoa.subarray(0, 3), 'REPORT_MALFORMED'],
    ['a byte less', genoa.subarray(1), 'REPORT_MALFORMED'],
    ['a byte more', concat(genoa, new Uint8Array(1)), 'REPORT_MALFORMED'],
    ["Azure's wrapper", concat(utf8('HCLA'), new Uint8Array(28), genoa), 'AZURE_UNSUPPORTED'],
    ["the first bytes of Azure's wrapper", utf8('HCLA'), 'AZURE_UNSUPPORTED'],
  ])('%s', (_, bytes, code) => {
    expect(codeOf(bytes)).toBe(code);
  });
});
