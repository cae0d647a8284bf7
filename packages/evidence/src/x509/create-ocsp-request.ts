import { concat, fromHex, sha384 } from '@cloister/core';
import { TAG } from '../der/der-reader.ts';
import { readCertificateFacts } from './read-certificate-facts.ts';

/** SHA-384 (NIST CSOR), DER contents. */
const SHA384 = fromHex('608648016503040202');

function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concat(...contents);
  const { length } = content;
  // Serial numbers and digests: nothing here reaches the length of three bytes.
  return concat(length < 0x80 ? Uint8Array.of(tag, length) : Uint8Array.of(tag, 0x81, length), content);
}

/**
 * An OCSP request for one certificate (RFC 6960 section 4.1), DER, with SHA-384 and without a nonce: its answers carry
 * dates and may be kept.
 * @param certificate DER; @param issuer the certificate that issued it, DER
 * @throws CloisterError ERR_EVIDENCE_DER_MALFORMED
 */
export function createOcspRequest(certificate: Uint8Array, issuer: Uint8Array): Uint8Array {
  const { subject, publicKey } = readCertificateFacts(issuer);
  const name = element(
    TAG.sequence,
    element(TAG.sequence, element(TAG.objectIdentifier, SHA384), element(0x05)),
    element(TAG.octetString, sha384(subject)),
    element(TAG.octetString, sha384(publicKey)),
    element(TAG.integer, readCertificateFacts(certificate).serial),
  );
  const list = element(TAG.sequence, element(TAG.sequence, name));
  return element(TAG.sequence, element(TAG.sequence, list));
}
