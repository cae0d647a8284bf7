import { concat, fromHex, sha256, utf8 } from '@cloister/core';
import type { Pin } from '@cloister/evidence';
import type { SimulatedPki } from './create-pki.ts';
import type { TeeFault } from './faults.ts';
import type { SigningKey } from './signing-key.ts';

/** The simulated TDX module: version 1, this SVN. */
export const MODULE = { version: 1, svn: 6 } as const;

/** The simulated quoting enclave. */
export const QUOTING_ENCLAVE: { readonly mrSigner: Uint8Array; readonly isvProdId: number; readonly isvSvn: number } = {
  mrSigner: sha256(utf8('cloister simulated QE signer')),
  isvProdId: 2,
  isvSvn: 6,
};

const QE_VENDOR_ID = fromHex('939a7233f79c4ca9940a0db3957f0607');
const PADDING = 64;

/** Measurements of the simulated guest, 48 bytes each. */
export type QuoteMeasurements = Readonly<Record<Pin, Uint8Array>>;

/** Which quote to issue: version 4, or version 5 with a TD 1.0 or a TD 1.5 body. */
export type QuoteFormat = 'v4' | 'v5-td10' | 'v5-td15';

/** What quotes are made of. */
export interface QuoteMaterial {
  readonly pki: SimulatedPki;
  /** The attestation key of the quoting enclave. */
  readonly attestationKey: SigningKey;
  /** Another key, for faults. */
  readonly foreignKey: SigningKey;
  readonly measurements: QuoteMeasurements;
  readonly faults: ReadonlySet<TeeFault>;
  readonly format: QuoteFormat;
}

function littleEndian(value: number, length: 2 | 4): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (value >>> (8 * index)) & 0xff);
}

function createHeader({ format, faults }: QuoteMaterial): Uint8Array {
  const vendor = faults.has('qe-vendor-foreign') ? new Uint8Array(16) : QE_VENDOR_ID;
  const version = littleEndian(format === 'v4' ? 4 : 5, 2);
  return concat(version, littleEndian(2, 2), littleEndian(0x81, 4), new Uint8Array(4), vendor, new Uint8Array(20));
}

function createSvn(svn: number, version: number = MODULE.version): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set([svn, version, 3]);
  return bytes;
}

/** What a TD 1.5 body adds: the module as it is now, and the service guests that are bound. */
function createCurrent(faults: ReadonlySet<TeeFault>): Uint8Array {
  const current = createSvn(MODULE.svn, faults.has('current-module-unknown') ? 9 : MODULE.version);
  return concat(current, new Uint8Array(48).fill(faults.has('service-guest-bound') ? 0xab : 0));
}

function createBody({ measurements: m, faults, format }: QuoteMaterial, reportData: Uint8Array): Uint8Array {
  const svn = createSvn(MODULE.svn - (faults.has('relaunch-advised') ? 1 : 0));
  const [low, high] = [faults.has('debug') ? 1 : 0, faults.has('migratable') ? 0x30 : 0x10];
  const attributes = Uint8Array.of(low, 0, 0, high, 0, 0, 0, 0);
  const xfam = Uint8Array.of(0xe7, 0x02, 0x06, 0, 0, 0, 0, faults.has('features-unknown') ? 0x80 : 0);
  const mrSignerSeam = new Uint8Array(48).fill(faults.has('module-foreign') ? 0xab : 0);
  const image = [m.mrTd, m.mrConfigId, m.mrOwner, m.mrOwnerConfig, m.rtmr0, m.rtmr1, m.rtmr2, m.rtmr3, reportData];
  const body = concat(svn, m.mrSeam, mrSignerSeam, new Uint8Array(8), attributes, xfam, ...image);
  if (format === 'v4') return body;
  if (format === 'v5-td10') return concat(littleEndian(2, 2), littleEndian(body.length, 4), body);
  return concat(littleEndian(3, 2), littleEndian(body.length + 64, 4), body, createCurrent(faults));
}

function createQeReport(attestationKey: Uint8Array, authData: Uint8Array, faults: ReadonlySet<TeeFault>): Uint8Array {
  const report = new Uint8Array(384);
  report.set([3, 3, 2, 2, 4, 1, 0, 5]);
  report.set([faults.has('qe-debug') ? 0x17 : 0x15, 0, 0, 0, 0, 0, 0, 0, 0xe7], 48);
  report.set(sha256(utf8('cloister simulated QE')), 64);
  report.set(faults.has('qe-not-vendor') ? sha256(utf8('somebody else')) : QUOTING_ENCLAVE.mrSigner, 128);
  report.set(littleEndian(QUOTING_ENCLAVE.isvProdId, 2), 256);
  report.set(littleEndian(faults.has('qe-unknown') ? 0 : QUOTING_ENCLAVE.isvSvn, 2), 258);
  report.set(sha256(concat(attestationKey, authData)), 320);
  report.fill(faults.has('qe-zero-half') ? 1 : 0, 352);
  return report;
}

/**
 * A TDX quote over 64 bytes of report data, structurally exact down to the zero padding that real quoting
 * services leave at its end.
 */
export function createQuote(material: QuoteMaterial, reportData: Uint8Array): Uint8Array {
  const { pki, attestationKey, foreignKey, faults } = material;
  const signed = concat(createHeader(material), createBody(material, reportData));
  const authData = Uint8Array.from({ length: 32 }, (_, index) => index);
  const boundKey = faults.has('attestation-key-foreign') ? foreignKey : attestationKey;
  const qeReport = createQeReport(boundKey.publicKey, authData, faults);
  const chain = utf8(pki.pck.pem + pki.authority.pem + pki.root.pem);
  const certification = concat(
    qeReport,
    (faults.has('qe-report-foreign') ? foreignKey : pki.pck.key).sign(qeReport),
    littleEndian(authData.length, 2),
    authData,
    littleEndian(5, 2),
    littleEndian(chain.length, 4),
    chain,
  );
  const signature = concat(
    (faults.has('quote-signature-foreign') ? foreignKey : attestationKey).sign(signed),
    attestationKey.publicKey,
    littleEndian(6, 2),
    littleEndian(certification.length, 4),
    certification,
  );
  return concat(signed, littleEndian(signature.length, 4), signature, new Uint8Array(PADDING));
}
