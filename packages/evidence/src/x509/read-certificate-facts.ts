import { createDerReader, readSequence, TAG } from '../der/der-reader.ts';
import { readBitString, readInteger, readTime } from '../der/der-values.ts';
import { type Extension, parseExtensions } from './parse-extensions.ts';

/** What an X.509 version 3 certificate of any algorithm says. Nothing of it is verified. */
export interface CertificateFacts {
  /** Contents of the serial number's INTEGER. */
  readonly serial: Uint8Array;
  /** The names, DER. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** ms since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** What the BIT STRING of the public key holds. */
  readonly publicKey: Uint8Array;
  /** By object identifier, hex of its DER contents. */
  readonly extensions: ReadonlyMap<string, Extension>;
}

/**
 * Reads a certificate (RFC 5280 section 4.1) without verifying it: to see whose it is and how long it lasts.
 * @throws CloisterError ERR_EVIDENCE_DER_MALFORMED
 */
export function readCertificateFacts(bytes: Uint8Array): CertificateFacts {
  const fields = createDerReader(readSequence(bytes).next(TAG.sequence).content);
  fields.next(TAG.context0);
  const serial = readInteger(fields.next(TAG.integer));
  fields.next(TAG.sequence);
  const issuer = fields.next(TAG.sequence).raw;
  const validity = createDerReader(fields.next(TAG.sequence).content);
  const [notBefore, notAfter] = [readTime(validity.any()), readTime(validity.any())];
  const subject = fields.next(TAG.sequence).raw;
  const key = createDerReader(fields.next(TAG.sequence).content);
  key.next(TAG.sequence);
  const publicKey = readBitString(key.next(TAG.bitString));
  const extensions = parseExtensions(fields.next(TAG.context3));
  return { serial, issuer, subject, notBefore, notAfter, publicKey, extensions };
}
