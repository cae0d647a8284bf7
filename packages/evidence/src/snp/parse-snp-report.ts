import { concat } from '@cloister/core';
import { snpError } from './errors.ts';
import type { FirmwareVersion, SnpReport } from './report-types.ts';

const REPORT = 1184;
const SIGNED = 0x2a0;
const ECDSA_P384_SHA384 = 1;
const HOST = 0xffff_ffff;
/** "HCLA", the first bytes of the wrapper that Azure's paravisor puts around a report. */
const AZURE_MAGIC = 0x414c_4348;
/** Policy bit 17 is reserved and one; bits 26 and up are reserved and zero. */
const POLICY_ONE = 1n << 17n;
const POLICY_RESERVED_FROM = 26n;

/** Ranges that must be zero in every version, then those that a version has not filled yet. Ends are exclusive. */
const ZERO: readonly (readonly [number, number])[] = [
  [0x4c, 0x50],
  [0x18b, 0x1a0],
  [0x1eb, 0x1ec],
  [0x1ef, 0x1f0],
  [0x208, SIGNED],
  // R and S are 72 bytes each, of which P-384 needs 48; the rest of the signature field is reserved.
  [0x2d0, 0x2e8],
  [0x318, REPORT],
];
const CPUID: readonly [number, number] = [0x188, 0x18b];
const MITIGATIONS: readonly [number, number] = [0x1f8, 0x208];

function refuseAt(offset: number): Error {
  return snpError('ERR_EVIDENCE_SNP_REPORT_MALFORMED', { detail: { offset } });
}

function readVersion(view: DataView): SnpReport['version'] {
  if (view.byteLength < 4) throw refuseAt(0);
  const version = view.getUint32(0, true);
  if (version === AZURE_MAGIC) throw snpError('ERR_EVIDENCE_SNP_AZURE_UNSUPPORTED');
  if (view.byteLength !== REPORT) throw refuseAt(Math.min(view.byteLength, REPORT));
  if (version !== 2 && version !== 3 && version !== 4 && version !== 5)
    throw snpError('ERR_EVIDENCE_SNP_VERSION_UNSUPPORTED');
  if (view.getUint32(0x34, true) !== ECDSA_P384_SHA384) throw snpError('ERR_EVIDENCE_SNP_VERSION_UNSUPPORTED');
  return version;
}

function refuseReserved(bytes: Uint8Array, version: number): void {
  const ranges = [...ZERO, ...(version < 3 ? [CPUID] : []), ...(version < 5 ? [MITIGATIONS] : [])];
  for (const [start, end] of ranges) {
    const offset = bytes.subarray(start, end).findIndex((byte) => byte !== 0);
    if (offset !== -1) throw refuseAt(start + offset);
  }
}

function readFirmware(bytes: Uint8Array, offset: number): FirmwareVersion {
  const [build = 0, minor = 0, major = 0] = bytes.subarray(offset, offset + 3);
  return { major, minor, build };
}

function readCpuid(bytes: Uint8Array): SnpReport['cpuid'] {
  const [family = 0, model = 0, stepping = 0] = bytes.subarray(...CPUID);
  return { family, model, stepping };
}

function readSigner(view: DataView): Pick<SnpReport, 'authorKeyEnabled' | 'maskChipKey' | 'signingKey'> {
  const info = view.getUint32(0x48, true);
  if (info >>> 5 !== 0) throw refuseAt(0x48);
  return { authorKeyEnabled: (info & 1) === 1, maskChipKey: (info & 2) === 2, signingKey: (info >>> 2) & 7 };
}

/** R and S are little-endian in the report and big-endian everywhere else. */
function readSignature(bytes: Uint8Array): Uint8Array {
  return concat(bytes.slice(0x2a0, 0x2d0).reverse(), bytes.slice(0x2e8, 0x318).reverse());
}

/**
 * Parses a report, strictly: its exact length, every range that must be zero, the fixed bits of its policy.
 * @throws CloisterError ERR_EVIDENCE_SNP_REPORT_MALFORMED with the offset; ERR_EVIDENCE_SNP_VERSION_UNSUPPORTED for another
 *   version or algorithm; ERR_EVIDENCE_SNP_AZURE_UNSUPPORTED for Azure's wrapper
 */
export function parseSnpReport(bytes: Uint8Array): SnpReport {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = readVersion(view);
  refuseReserved(bytes, version);
  const policy = view.getBigUint64(0x08, true);
  if ((policy & POLICY_ONE) === 0n || policy >> POLICY_RESERVED_FROM !== 0n) throw refuseAt(0x08);
  const vmpl = view.getUint32(0x30, true);
  if (vmpl > 3 && vmpl !== HOST) throw refuseAt(0x30);
  return {
    version,
    guestSvn: view.getUint32(0x04, true),
    policy,
    familyId: bytes.subarray(0x10, 0x20),
    imageId: bytes.subarray(0x20, 0x30),
    vmpl,
    currentTcb: bytes.subarray(0x38, 0x40),
    platformInfo: view.getBigUint64(0x40, true),
    ...readSigner(view),
    reportData: bytes.subarray(0x50, 0x90),
    measurement: bytes.subarray(0x90, 0xc0),
    hostData: bytes.subarray(0xc0, 0xe0),
    idKeyDigest: bytes.subarray(0xe0, 0x110),
    authorKeyDigest: bytes.subarray(0x110, 0x140),
    reportId: bytes.subarray(0x140, 0x160),
    reportIdMa: bytes.subarray(0x160, 0x180),
    reportedTcb: bytes.subarray(0x180, 0x188),
    cpuid: version < 3 ? undefined : readCpuid(bytes),
    chipId: bytes.subarray(0x1a0, 0x1e0),
    committedTcb: bytes.subarray(0x1e0, 0x1e8),
    currentVersion: readFirmware(bytes, 0x1e8),
    committedVersion: readFirmware(bytes, 0x1ec),
    launchTcb: bytes.subarray(0x1f0, 0x1f8),
    mitigations:
      version < 5 ? undefined : { launch: view.getBigUint64(0x1f8, true), current: view.getBigUint64(0x200, true) },
    signed: bytes.subarray(0, SIGNED),
    signature: readSignature(bytes),
  };
}
