import { type KeyObject, sign } from 'node:crypto';
import { concat, sha256, sha384, utf8 } from '@cloister/core';
import type { AmdLine, SnpPin } from '@cloister/evidence/snp';
import type { SnpFault } from './snp-faults.ts';
import { createChipId, createTcb, encodeTcb, LINES, lowerTcb } from './snp-platform.ts';

const SIGNED = 0x2a0;
const REPORT = 1184;
/** ABI 1.55, one socket, SMT allowed, no debugging, no migration. */
const POLICY = 0x13_0137n;
/** SMT, error correction, alias check complete. */
const PLATFORM_INFO = 0x25n;
const MITIGATIONS = 0x0bn;

/** What is measured or given at the launch of a simulated guest, by the name of its pin. */
export type SnpMeasurements = Readonly<Record<SnpPin, Uint8Array>>;

/** What reports are made of. */
export interface SnpReportMaterial {
  readonly line: AmdLine;
  readonly signer: 'vcek' | 'vlek';
  readonly version: 2 | 3 | 4 | 5;
  readonly measurements: SnpMeasurements;
  /** The key of the VCEK or VLEK, and another one for faults. */
  readonly key: KeyObject;
  readonly foreignKey: KeyObject;
  readonly faults: ReadonlySet<SnpFault>;
}

/** The fixed values, so that a policy written for one simulated guest fits the next. */
export function createSnpMeasurements(): SnpMeasurements {
  const digest = (name: string): Uint8Array => sha384(utf8(`cloister simulated ${name}`));
  return {
    measurement: digest('launch digest'),
    hostData: sha256(utf8('cloister simulated host data')),
    idKeyDigest: digest('ID key'),
    authorKeyDigest: digest('author key'),
    familyId: digest('family').slice(0, 16),
    imageId: digest('image').slice(0, 16),
  };
}

/** Where the four TCB versions stand; a fault may put them out of order. */
function writeTcbs(report: Uint8Array, { line, faults }: SnpReportMaterial): void {
  const tcb = createTcb(line);
  const write = (offset: number, ...lowering: readonly SnpFault[]): void =>
    report.set(encodeTcb(lowering.some((fault) => faults.has(fault)) ? lowerTcb(tcb) : tcb, line), offset);
  write(0x38, 'committed-ahead', 'reported-ahead');
  write(0x180, 'tcb-old');
  write(0x1e0, 'reported-ahead');
  write(0x1f0, 'launch-tcb-old');
  if (faults.has('tcb-reserved-set')) report[0x184] = 1;
}

function writeVersions(report: Uint8Array, faults: ReadonlySet<SnpFault>): void {
  const build = faults.has('firmware-old') ? 20 : 21;
  report.set([build + (faults.has('provisional') ? 1 : 0), 55, 1], 0x1e8);
  report.set([build + (faults.has('committed-version-ahead') ? 1 : 0), 55, 1], 0x1ec);
}

function choosePolicy(faults: ReadonlySet<SnpFault>): bigint {
  const flips: readonly (readonly [SnpFault, bigint])[] = [
    ['migratable', 1n << 18n],
    ['debug', 1n << 19n],
    ['many-sockets', 1n << 20n],
    ['abi-old', 1n],
  ];
  return flips.reduce((policy, [fault, bit]) => (faults.has(fault) ? policy ^ bit : policy), POLICY);
}

function choosePlatformInfo(faults: ReadonlySet<SnpFault>): bigint {
  const info = faults.has('alias-unchecked') ? PLATFORM_INFO ^ (1n << 5n) : PLATFORM_INFO;
  return faults.has('platform-bit-unknown') ? info | (1n << 40n) : info;
}

function chooseSigner({ signer, faults }: SnpReportMaterial): number {
  const key = faults.has('unsigned') ? 7 : signer === 'vcek' ? 0 : 1;
  const masked = faults.has('chip-key-masked') ? 2 : 0;
  return (key << 2) | masked | (faults.has('author-key-unused') ? 0 : 1);
}

function writeHead(report: Uint8Array, material: SnpReportMaterial): void {
  const { faults, version } = material;
  const view = new DataView(report.buffer);
  view.setUint32(0x00, faults.has('report-version-unknown') ? 6 : version, true);
  view.setUint32(0x04, faults.has('guest-old') ? 3 : 4, true);
  view.setBigUint64(0x08, choosePolicy(faults), true);
  view.setUint32(0x30, faults.has('asked-by-host') ? 0xffff_ffff : faults.has('privilege-lower') ? 1 : 0, true);
  view.setUint32(0x34, 1, true);
  view.setBigUint64(0x40, choosePlatformInfo(faults), true);
  view.setUint32(0x48, chooseSigner(material), true);
  if (faults.has('report-reserved-set')) view.setUint32(0x4c, 1, true);
  if (version < 5) return;
  view.setBigUint64(0x1f8, MITIGATIONS, true);
  view.setBigUint64(0x200, faults.has('mitigation-missing') ? 0n : MITIGATIONS, true);
}

function writeChip(report: Uint8Array, { line, version, faults }: SnpReportMaterial): void {
  const other = line === 'Milan' ? 'Genoa' : 'Milan';
  const [family, model, stepping] = LINES[faults.has('report-of-other-line') ? other : line].cpuid;
  if (version >= 3) report.set([faults.has('line-unknown') ? 0x1b : family, model, stepping], 0x188);
  const isOther = faults.has('chip-other') || faults.has('report-of-other-chip');
  report.set(createChipId(line, isOther ? 'other' : 'own'), 0x1a0);
}

function writeMeasurements(report: Uint8Array, { measurements, faults }: SnpReportMaterial): void {
  const fields: readonly (readonly [SnpPin, number, SnpFault])[] = [
    ['familyId', 0x10, 'family-other'],
    ['imageId', 0x20, 'image-other'],
    ['measurement', 0x90, 'measurement-other'],
    ['hostData', 0xc0, 'host-data-other'],
    ['idKeyDigest', 0xe0, 'id-key-other'],
    ['authorKeyDigest', 0x110, 'author-key-other'],
  ];
  for (const [pin, offset, fault] of fields) {
    report.set(measurements[pin], offset);
    if (faults.has(fault)) report[offset] = 1 ^ (report[offset] ?? 0);
  }
  report.set(sha256(utf8('cloister simulated report id')), 0x140);
  report.fill(0xff, 0x160, 0x180);
}

/** R and S are little-endian in 72 bytes each. */
function createSignature(signed: Uint8Array, { key, foreignKey, faults }: SnpReportMaterial): Uint8Array {
  const signer = faults.has('report-signature-foreign') ? foreignKey : key;
  const signature = sign('sha384', signed, { key: signer, dsaEncoding: 'ieee-p1363' });
  const half = signature.length / 2;
  const [r, s] = [signature.subarray(0, half), signature.subarray(half)].map((part) =>
    concat(new Uint8Array(part).reverse(), new Uint8Array(72 - half)),
  );
  return concat(r ?? new Uint8Array(), s ?? new Uint8Array());
}

/** A SEV-SNP report over 64 bytes of report data (AMD SEV-SNP firmware ABI, ATTESTATION_REPORT), structurally exact. */
export function createSnpReport(material: SnpReportMaterial, reportData: Uint8Array): Uint8Array {
  const report = new Uint8Array(REPORT);
  writeHead(report, material);
  report.set(reportData, 0x50);
  writeMeasurements(report, material);
  writeTcbs(report, material);
  writeChip(report, material);
  writeVersions(report, material.faults);
  report.set(createSignature(report.subarray(0, SIGNED), material), SIGNED);
  if (material.faults.has('report-data-changed')) report[0x50] = 1 ^ (report[0x50] ?? 0);
  return material.faults.has('report-wrapped') ? concat(utf8('HCLA'), new Uint8Array(28), report) : report;
}
