import { constants, type KeyObject, sign } from 'node:crypto';
import { createExtension } from '../tee/create-certificate.ts';
import { der } from '../tee/der-writer.ts';

/** A certificate of the simulated AMD, or its list's issuer: what others are issued under. */
export interface SnpIssuer {
  /** The Name, DER. */
  readonly subject: Uint8Array;
  readonly key: KeyObject;
}

/** A certificate together with its key. */
export interface SnpCertificate extends SnpIssuer {
  /** DER. */
  readonly raw: Uint8Array;
  /** Big-endian. */
  readonly serial: Uint8Array;
}

/** What to issue. */
export interface SnpCertificateRequest {
  readonly commonName: string;
  /** The issuer; absent for a root. */
  readonly issuer?: SnpIssuer;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Big-endian. */
  readonly serial: Uint8Array;
  /** ms since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly Uint8Array[];
}

const SHA384 = der.sequence(der.identifier('2.16.840.1.101.3.4.2.2'), der.element(0x05));
const MGF1 = der.sequence(der.identifier('1.2.840.113549.1.1.8'), SHA384);
/** As AMD's lists have it; its certificates spell out the trailer too, which is the default. */
const PARAMETERS = [der.element(0xa0, SHA384), der.element(0xa1, MGF1), der.element(0xa2, der.number(48))];
const RSASSA_PSS = der.identifier('1.2.840.113549.1.1.10');
const LIST_ALGORITHM = der.sequence(RSASSA_PSS, der.sequence(...PARAMETERS));
const CERTIFICATE_ALGORITHM = der.sequence(RSASSA_PSS, der.sequence(...PARAMETERS, der.element(0xa3, der.number(1))));

function createName(commonName: string): Uint8Array {
  const attribute = (identifier: string, value: string): Uint8Array =>
    der.set(der.sequence(der.identifier(identifier), der.text(value)));
  return der.sequence(attribute('2.5.4.10', 'SIMULATED by Cloister: not a vendor'), attribute('2.5.4.3', commonName));
}

function createSigned(content: Uint8Array, algorithm: Uint8Array, key: KeyObject): Uint8Array {
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };
  return der.sequence(content, algorithm, der.bits(sign('sha384', content, { key, ...padding })));
}

/** Basic constraints and key usage of an authority; its path length where one is given. */
export function createAuthorityExtensions(usage: 'certificates' | 'all', pathLength?: number): readonly Uint8Array[] {
  const limit = pathLength === undefined ? [] : [der.number(pathLength)];
  return [
    createExtension('2.5.29.19', der.sequence(der.boolean(true), ...limit), true),
    createExtension('2.5.29.15', der.bits(Uint8Array.of(usage === 'all' ? 0x06 : 0x04), usage === 'all' ? 1 : 2), true),
  ];
}

/** Issues a certificate with RSASSA-PSS, as AMD does. */
export function createSnpCertificate(request: SnpCertificateRequest): SnpCertificate {
  const { commonName, issuer, privateKey, publicKey, serial, notBefore, notAfter, extensions } = request;
  const subject = createName(commonName);
  const content = der.sequence(
    der.element(0xa0, der.number(2)),
    der.integer(serial),
    CERTIFICATE_ALGORITHM,
    issuer?.subject ?? subject,
    der.sequence(der.time(notBefore), der.time(notAfter)),
    subject,
    publicKey.export({ format: 'der', type: 'spki' }),
    der.element(0xa3, der.sequence(...extensions)),
  );
  const raw = createSigned(content, CERTIFICATE_ALGORITHM, issuer?.key ?? privateKey);
  return { raw, subject, serial, key: privateKey };
}

/** What a revocation list says. */
export interface SnpListRequest {
  readonly issuer: SnpIssuer;
  /** ms since the epoch. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** Serial numbers, big-endian. */
  readonly revoked: readonly Uint8Array[];
}

/** Issues a version 2 revocation list (RFC 5280 section 5.1) with RSASSA-PSS, DER. */
export function createSnpList({ issuer, thisUpdate, nextUpdate, revoked }: SnpListRequest): Uint8Array {
  const entries = revoked.map((serial) => der.sequence(der.integer(serial), der.time(thisUpdate)));
  const content = der.sequence(
    der.number(1),
    LIST_ALGORITHM,
    issuer.subject,
    der.time(thisUpdate),
    der.time(nextUpdate),
    ...(entries.length === 0 ? [] : [der.sequence(...entries)]),
    der.element(0xa0, der.sequence(createExtension('2.5.29.20', der.number(1), false))),
  );
  return createSigned(content, LIST_ALGORITHM, issuer.key);
}
