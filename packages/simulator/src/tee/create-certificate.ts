import { concat, systemRandom, toBase64 } from '@cloister/core';
import { der } from './der-writer.ts';
import { createSigningKey, type SigningKey } from './signing-key.ts';

/** A certificate of the simulated PKI together with its key. */
export interface IssuedCertificate {
  /** DER. */
  readonly raw: Uint8Array;
  readonly pem: string;
  /** The Name, DER. */
  readonly subject: Uint8Array;
  /** Serial number, big-endian. */
  readonly serial: Uint8Array;
  readonly key: SigningKey;
}

/** What to issue. */
export interface CertificateRequest {
  readonly commonName: string;
  /** The issuer; absent for a root. */
  readonly issuer?: IssuedCertificate;
  /** Path length of an authority; absent for an end entity. */
  readonly pathLength?: number;
  /** ms since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Further extensions, DER. */
  readonly extensions?: readonly Uint8Array[];
}

const ECDSA_WITH_SHA256 = der.sequence(der.identifier('1.2.840.10045.4.3.2'));
const P256 = der.sequence(der.identifier('1.2.840.10045.2.1'), der.identifier('1.2.840.10045.3.1.7'));
const KEY_USAGE_AUTHORITY = der.bits(Uint8Array.of(0x06), 1);
const KEY_USAGE_END_ENTITY = der.bits(Uint8Array.of(0xc0), 6);

/** An extension (RFC 5280 section 4.2). */
export function createExtension(identifier: string, value: Uint8Array, critical: boolean): Uint8Array {
  return der.sequence(der.identifier(identifier), ...(critical ? [der.boolean(true)] : []), der.octets(value));
}

/** The organisation says plainly what this PKI is; common names are those that verifiers expect of each role. */
function createName(commonName: string): Uint8Array {
  const attribute = (identifier: string, value: string): Uint8Array =>
    der.set(der.sequence(der.identifier(identifier), der.text(value)));
  return der.sequence(attribute('2.5.4.3', commonName), attribute('2.5.4.10', 'SIMULATED by Cloister: not a vendor'));
}

/** SIGNED{}: certificates and revocation lists (RFC 5280 section 4.1.1). */
export function createSigned(content: Uint8Array, key: SigningKey): Uint8Array {
  return der.sequence(content, ECDSA_WITH_SHA256, der.bits(key.signDer(content)));
}

function createExtensions({ pathLength, extensions = [] }: CertificateRequest): Uint8Array {
  const isAuthority = pathLength !== undefined;
  const constraints = isAuthority ? der.sequence(der.boolean(true), der.number(pathLength)) : der.sequence();
  return der.element(
    0xa3,
    der.sequence(
      createExtension('2.5.29.15', isAuthority ? KEY_USAGE_AUTHORITY : KEY_USAGE_END_ENTITY, true),
      createExtension('2.5.29.19', constraints, true),
      ...extensions,
    ),
  );
}

/** Issues a certificate with a new key. */
export function createCertificate(request: CertificateRequest): IssuedCertificate {
  const key = createSigningKey();
  const subject = createName(request.commonName);
  const serial = systemRandom(20);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const content = der.sequence(
    der.element(0xa0, der.number(2)),
    der.integer(serial),
    ECDSA_WITH_SHA256,
    request.issuer?.subject ?? subject,
    der.sequence(der.time(request.notBefore), der.time(request.notAfter)),
    subject,
    der.sequence(P256, der.bits(concat(Uint8Array.of(0x04), key.publicKey))),
    createExtensions(request),
  );
  const raw = createSigned(content, request.issuer?.key ?? key);
  return { raw, pem: toPem(raw), subject, serial, key };
}

/** What a revocation list says. */
export interface RevocationListRequest {
  readonly issuer: IssuedCertificate;
  /** ms since the epoch. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** Serial numbers, big-endian. */
  readonly revoked: readonly Uint8Array[];
}

/** Issues a version 2 revocation list (RFC 5280 section 5.1), DER. */
export function createRevocationList({ issuer, thisUpdate, nextUpdate, revoked }: RevocationListRequest): Uint8Array {
  const entries = revoked.map((serial) => der.sequence(der.integer(serial), der.time(thisUpdate)));
  const number = createExtension('2.5.29.20', der.number(1), false);
  const content = der.sequence(
    der.number(1),
    ECDSA_WITH_SHA256,
    issuer.subject,
    der.time(thisUpdate),
    der.time(nextUpdate),
    ...(entries.length === 0 ? [] : [der.sequence(...entries)]),
    der.element(0xa0, der.sequence(number)),
  );
  return createSigned(content, issuer.key);
}

/** A certificate as a PEM block (RFC 7468). @param raw DER */
export function toPem(raw: Uint8Array): string {
  const lines = toBase64(raw).match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
