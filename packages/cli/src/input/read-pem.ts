import { fromBase64 } from '@cloister/core';

const PEM = /-----BEGIN (?:CERTIFICATE|X509 CRL)-----([A-Za-z0-9+/=\s]+)-----END (?:CERTIFICATE|X509 CRL)-----/g;

/** All certificates and revocation lists of a PEM text (RFC 7468), DER, in their order. */
export function readPem(text: string): readonly Uint8Array[] {
  return [...text.matchAll(PEM)].map(([, body = '']) => fromBase64(body.replaceAll(/\s/g, '')));
}
