import { concat, systemRandom, toBase64, toHex } from '@cloister/core';
import { createExtension } from '../tee/create-certificate.ts';
import { der } from '../tee/der-writer.ts';
import { createP384Key, type P384Key } from './p384-key.ts';

/** A P-384 certificate together with its key. */
export interface GpuCertificate {
  /** DER. */
  readonly raw: Uint8Array;
  readonly pem: string;
  /** The Name, DER. */
  readonly subject: Uint8Array;
  /** Serial number, decimal. */
  readonly serial: string;
  /** Serial number, DER. */
  readonly serialNumber: Uint8Array;
  /** Whether it issued itself. */
  readonly isRoot: boolean;
  readonly key: P384Key;
}

/** What to issue. */
export interface GpuCertificateRequest {
  readonly commonName: string;
  /** The issuer; absent for a root. */
  readonly issuer?: GpuCertificate;
  /** Whether it may issue others: with revocation lists, without, or not at all. */
  readonly authority?: 'full' | 'certificates';
  /** ms since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** What it is for besides; here only answers about others. */
  readonly purpose?: 'ocsp-signing';
  /** Digest of the firmware, for a device's first certificate, 48 bytes. */
  readonly firmwareId?: Uint8Array;
}

const ECDSA_WITH_SHA384 = der.sequence(der.identifier('1.2.840.10045.4.3.3'));
const P384 = der.sequence(der.identifier('1.2.840.10045.2.1'), der.identifier('1.3.132.0.34'));
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const KEY_USAGE = {
  full: der.bits(Uint8Array.of(0x06), 1),
  certificates: der.bits(Uint8Array.of(0x04), 2),
  none: der.bits(Uint8Array.of(0x80), 7),
} as const;

function createName(commonName: string): Uint8Array {
  const attribute = (identifier: string, value: string): Uint8Array =>
    der.set(der.sequence(der.identifier(identifier), der.text(value)));
  return der.sequence(attribute('2.5.4.10', 'SIMULATED by Cloister: not a vendor'), attribute('2.5.4.3', commonName));
}

/** TCG DICE identity: version, key, firmware digest. */
function createFirmwareExtension(publicKey: Uint8Array, firmwareId: Uint8Array): Uint8Array {
  const digest = der.sequence(der.identifier('2.16.840.1.101.3.4.2.2'), der.octets(firmwareId));
  return createExtension('2.23.133.5.4.1', der.sequence(der.number(1), publicKey, digest), false);
}

/** Issues a certificate with a new key. */
export function createGpuCertificate(request: GpuCertificateRequest): GpuCertificate {
  const { issuer, authority, purpose, firmwareId } = request;
  const key = createP384Key();
  const subject = createName(request.commonName);
  const serial = systemRandom(16);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const serialNumber = der.integer(serial);
  const publicKey = der.sequence(P384, der.bits(concat(Uint8Array.of(0x04), key.publicKey)));
  const extensions = [
    createExtension('2.5.29.15', KEY_USAGE[authority ?? 'none'], true),
    ...(authority === undefined ? [] : [createExtension('2.5.29.19', der.sequence(der.boolean(true)), true)]),
    ...(purpose === undefined ? [] : [createExtension('2.5.29.37', der.sequence(der.identifier(OCSP_SIGNING)), true)]),
    ...(firmwareId === undefined ? [] : [createFirmwareExtension(publicKey, firmwareId)]),
  ];
  const content = der.sequence(
    der.element(0xa0, der.number(2)),
    serialNumber,
    ECDSA_WITH_SHA384,
    issuer?.subject ?? subject,
    der.sequence(der.time(request.notBefore), der.time(request.notAfter)),
    subject,
    publicKey,
    der.element(0xa3, der.sequence(...extensions)),
  );
  const signature = (issuer?.key ?? key).sign(content, 'der');
  const raw = der.sequence(content, ECDSA_WITH_SHA384, der.bits(signature));
  const decimal = BigInt(`0x${toHex(serial)}`).toString();
  return { raw, pem: toPem(raw), subject, serial: decimal, serialNumber, isRoot: issuer === undefined, key };
}

function toPem(raw: Uint8Array): string {
  const lines = toBase64(raw).match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
