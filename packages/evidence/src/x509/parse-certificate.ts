import { equalBytes, toHex } from '@cloister/core';
import { createDerReader, type DerElement, malformed, openElement, readSequence, TAG } from '../der/der-reader.ts';
import {
  readBitString,
  readBoolean,
  readInteger,
  readObjectIdentifier,
  readSmallInteger,
  readTime,
} from '../der/der-values.ts';
import { OID } from './object-identifiers.ts';
import { type Extension, parseExtensions } from './parse-extensions.ts';
import { readPublicKey, readSignatureAlgorithm } from './read-algorithm.ts';

/** A name as signed bytes, with its common name. Names are equal when their bytes are. */
export interface DistinguishedName {
  readonly raw: Uint8Array;
  readonly commonName: string | undefined;
}

/** An X.509 version 3 certificate on P-256 with SHA-256 (Intel's PKI), on P-384 with SHA-384 (NVIDIA's), or with RSA (AMD's). */
export interface Certificate {
  /** The whole certificate. */
  readonly raw: Uint8Array;
  /** The signed part. */
  readonly signed: Uint8Array;
  /** r || s, 64 bytes for SHA-256, 96 for SHA-384; 512 bytes of RSASSA-PSS, 256 of RSASSA-PKCS1-v1_5. */
  readonly signature: Uint8Array;
  /** Serial number as hex of its DER contents. */
  readonly serial: string;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  /** First and last valid moment, ms since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** x || y, 64 bytes on P-256, 96 on P-384; of RSA the SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly isAuthority: boolean;
  readonly pathLength: number | undefined;
  /** Key usage bits (RFC 5280 section 4.2.1.3), bit 0 first; `undefined` without the extension. */
  readonly keyUsage: ReadonlySet<number> | undefined;
  readonly extensions: ReadonlyMap<string, Extension>;
}

const UNDERSTOOD: ReadonlySet<string> = new Set([OID.keyUsage, OID.basicConstraints, OID.extendedKeyUsage]);

/** Reads a Name (RFC 5280 section 4.1.2.4) down to its last common name. */
export function readName(element: DerElement): DistinguishedName {
  const sets = openElement(element);
  let commonName: string | undefined;
  while (!sets.done) {
    const attributes = openElement(sets.next(TAG.set));
    while (!attributes.done) {
      const pair = openElement(attributes.next(TAG.sequence));
      const type = readObjectIdentifier(pair.next(TAG.objectIdentifier));
      const value = pair.any();
      pair.end();
      if (type === OID.commonName) commonName = String.fromCharCode(...value.content.subarray(0, 128));
    }
  }
  return { raw: element.raw, commonName };
}

function readBasicConstraints(extension: Extension | undefined): {
  isAuthority: boolean;
  pathLength: number | undefined;
} {
  if (extension === undefined) return { isAuthority: false, pathLength: undefined };
  const fields = readSequence(extension.value);
  const flag = fields.optional(TAG.boolean);
  const isAuthority = flag !== undefined && readBoolean(flag);
  // FALSE is the default, and DER leaves defaults out (X.690 section 11.5).
  if (flag !== undefined && !isAuthority) throw malformed(0);
  const length = isAuthority ? fields.optional(TAG.integer) : undefined;
  fields.end();
  return { isAuthority, pathLength: length && readSmallInteger(length) };
}

function readKeyUsage(extension: Extension | undefined): ReadonlySet<number> | undefined {
  if (extension === undefined) return undefined;
  const reader = createDerReader(extension.value);
  const [unused = 8, ...octets] = reader.next(TAG.bitString).content;
  reader.end();
  if (unused > 7 || octets.length === 0 || octets.length > 2) throw malformed(0);
  const bits = octets.flatMap((octet, index) =>
    [...Array(8).keys()].filter((bit) => octet & (0x80 >> bit)).map((bit) => index * 8 + bit),
  );
  return new Set(bits);
}

function readValidity(element: DerElement): { notBefore: number; notAfter: number } {
  const fields = openElement(element);
  const notBefore = readTime(fields.any());
  const notAfter = readTime(fields.any());
  fields.end();
  return { notBefore, notAfter };
}

/** Splits SIGNED{}: the signed part, its algorithm and r || s. Certificates and revocation lists share it. */
export function readSigned(bytes: Uint8Array): { signed: DerElement; algorithm: Uint8Array; signature: Uint8Array } {
  const outer = readSequence(bytes);
  const signed = outer.next(TAG.sequence);
  const algorithm = readSignatureAlgorithm(outer);
  const signature = algorithm.readSignature(readBitString(outer.next(TAG.bitString)));
  outer.end();
  return { signed, algorithm: algorithm.raw, signature };
}

/**
 * Parses a certificate (RFC 5280 section 4.1) of the profile above, strictly. An unknown critical extension is refused.
 * @throws CloisterError ERR_EVIDENCE_DER_MALFORMED
 */
export function parseCertificate(bytes: Uint8Array): Certificate {
  const { signed, algorithm, signature } = readSigned(bytes);
  const fields = openElement(signed);
  const version = openElement(fields.next(TAG.context0));
  if (readSmallInteger(version.next(TAG.integer)) !== 2) throw malformed(0);
  version.end();
  const serial = toHex(readInteger(fields.next(TAG.integer)));
  if (!equalBytes(readSignatureAlgorithm(fields).raw, algorithm)) throw malformed(0);
  const issuer = readName(fields.next(TAG.sequence));
  const validity = readValidity(fields.next(TAG.sequence));
  const subject = readName(fields.next(TAG.sequence));
  const publicKey = readPublicKey(fields.next(TAG.sequence));
  const extensions = parseExtensions(fields.next(TAG.context3));
  fields.end();
  for (const [identifier, { critical }] of extensions) if (critical && !UNDERSTOOD.has(identifier)) throw malformed(0);
  const constraints = readBasicConstraints(extensions.get(OID.basicConstraints));
  const keyUsage = readKeyUsage(extensions.get(OID.keyUsage));
  return {
    raw: bytes,
    signed: signed.raw,
    signature,
    serial,
    issuer,
    subject,
    ...validity,
    publicKey,
    ...constraints,
    keyUsage,
    extensions,
  };
}
