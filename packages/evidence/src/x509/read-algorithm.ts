import { createDerReader, type DerElement, type DerReader, malformed, TAG } from '../der/der-reader.ts';
import {
  readBitString,
  readEcdsaSignature,
  readInteger,
  readObjectIdentifier,
  readSmallInteger,
} from '../der/der-values.ts';
import { OID } from './object-identifiers.ts';

const NULL = 0x05;
const CONTEXT_1 = 0xa1;
const CONTEXT_2 = 0xa2;
/** Bytes of an RSA signature and modulus: 4096 bits with RSASSA-PSS, 2048 with the older padding. */
const PSS_WIDTH = 512;
const PKCS1_WIDTH = 256;

// Bytes of r and of s, and of a coordinate. A hash goes with the curve of its strength: other pairs verify nothing.
const SIGNATURE_WIDTHS: ReadonlyMap<string, number> = new Map([
  [OID.ecdsaWithSha256, 32],
  [OID.ecdsaWithSha384, 48],
]);
const CURVE_WIDTHS: ReadonlyMap<string, number> = new Map([
  [OID.prime256v1, 32],
  [OID.secp384r1, 48],
]);

/** How something is signed: the AlgorithmIdentifier, and how to read the signature that goes with it. */
export interface SignatureAlgorithm {
  readonly raw: Uint8Array;
  /** r || s of ECDSA, the 512 bytes of RSASSA-PSS, or the 256 of RSASSA-PKCS1-v1_5. */
  readonly readSignature: (bits: Uint8Array) => Uint8Array;
}

function readIdentified(container: DerReader, identifier: string): DerReader {
  const fields = createDerReader(container.next(TAG.sequence).content);
  if (readObjectIdentifier(fields.next(TAG.objectIdentifier)) !== identifier) throw malformed(0);
  return fields;
}

function readSha384(container: DerReader): void {
  const fields = readIdentified(container, OID.sha384);
  if ((fields.optional(NULL)?.content.length ?? 0) > 0) throw malformed(0);
  fields.end();
}

function readTagged(container: DerReader, tag: number, read: (fields: DerReader) => void): void {
  const fields = createDerReader(container.next(tag).content);
  read(fields);
  fields.end();
}

function expectNumber(wanted: number): (fields: DerReader) => void {
  return (fields) => {
    if (readSmallInteger(fields.next(TAG.integer)) !== wanted) throw malformed(0);
  };
}

/**
 * RSASSA-PSS-params (RFC 4055 section 3.1) of the one kind in use: SHA-384, MGF1 with SHA-384, a salt of 48 bytes, trailer 1,
 * left out as DER has it or spelt out as some of AMD's certificates do.
 */
function readPssParameters(container: DerReader): void {
  const fields = createDerReader(container.next(TAG.sequence).content);
  readTagged(fields, TAG.context0, readSha384);
  readTagged(fields, CONTEXT_1, (mask) => {
    const mgf1 = readIdentified(mask, OID.mgf1);
    readSha384(mgf1);
    mgf1.end();
  });
  readTagged(fields, CONTEXT_2, expectNumber(48));
  if (!fields.done) readTagged(fields, TAG.context3, expectNumber(1));
  fields.end();
}

function readNull(fields: DerReader): void {
  if (fields.next(NULL).content.length > 0) throw malformed(0);
}

function readRsaSignature(width: number): (bits: Uint8Array) => Uint8Array {
  return (bits) => {
    if (bits.length !== width) throw malformed(0);
    return bits;
  };
}

function readParameters(identifier: string, fields: DerReader): SignatureAlgorithm['readSignature'] {
  const width = SIGNATURE_WIDTHS.get(identifier);
  if (width !== undefined) return (bits) => readEcdsaSignature(bits, width);
  if (identifier === OID.rsassaPss) {
    readPssParameters(fields);
    return readRsaSignature(PSS_WIDTH);
  }
  if (identifier !== OID.sha256WithRsa) throw malformed(0);
  readNull(fields);
  return readRsaSignature(PKCS1_WIDTH);
}

/**
 * Reads the AlgorithmIdentifier of a signature: ecdsa-with-SHA256 or -SHA384 without parameters (RFC 5758 section 3.2),
 * RSASSA-PSS with SHA-384, or sha256WithRSAEncryption (RFC 4055 section 5).
 */
export function readSignatureAlgorithm(reader: DerReader): SignatureAlgorithm {
  const { content, raw } = reader.next(TAG.sequence);
  const fields = createDerReader(content);
  const identifier = readObjectIdentifier(fields.next(TAG.objectIdentifier));
  const readSignature = readParameters(identifier, fields);
  fields.end();
  return { raw, readSignature };
}

function readPoint(parameters: DerReader, bits: Uint8Array): Uint8Array {
  const width = CURVE_WIDTHS.get(readObjectIdentifier(parameters.next(TAG.objectIdentifier)));
  if (width === undefined || bits.length !== 1 + 2 * width || bits[0] !== 0x04) throw malformed(0);
  return bits.subarray(1);
}

/** RSAPublicKey (RFC 8017 appendix A.1.1): 4096 or 2048 bits, exponent 65537. */
function refuseOtherRsa(bits: Uint8Array): void {
  const outer = createDerReader(bits);
  const fields = createDerReader(outer.next(TAG.sequence).content);
  outer.end();
  const modulus = readInteger(fields.next(TAG.integer));
  const exponent = readSmallInteger(fields.next(TAG.integer));
  fields.end();
  const isWide = modulus.length === PSS_WIDTH + 1 || modulus.length === PKCS1_WIDTH + 1;
  if (!isWide || modulus[0] !== 0 || exponent !== 65_537) throw malformed(0);
}

/**
 * Reads a SubjectPublicKeyInfo: x || y of a point of P-256 or P-384 (RFC 5480 section 2), or the whole of it for an RSA key
 * of 4096 or 2048 bits (RFC 3279 section 2.3.1).
 */
export function readPublicKey(element: DerElement): Uint8Array {
  const fields = createDerReader(element.content);
  const algorithm = createDerReader(fields.next(TAG.sequence).content);
  const bits = readBitString(fields.next(TAG.bitString));
  fields.end();
  const type = readObjectIdentifier(algorithm.next(TAG.objectIdentifier));
  if (type !== OID.ecPublicKey && type !== OID.rsaEncryption) throw malformed(0);
  const point = type === OID.ecPublicKey ? readPoint(algorithm, bits) : undefined;
  if (point === undefined) {
    readNull(algorithm);
    refuseOtherRsa(bits);
  }
  algorithm.end();
  return point ?? element.raw;
}
