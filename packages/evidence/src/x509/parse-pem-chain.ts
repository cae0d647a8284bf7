import { fromBase64 } from '@cloister/core';
import { evidenceError } from '../errors.ts';
import type { VerificationCache } from '../verification-cache.ts';
import { type Certificate, parseCertificate } from './parse-certificate.ts';

const BLOCK =
  /-----BEGIN CERTIFICATE-----\r?\n((?:[A-Za-z0-9+/]{64}\r?\n)*[A-Za-z0-9+/=]{1,64})\r?\n-----END CERTIFICATE-----(?:(?:\r?\n){1,2}|$)/y;
const MAX_CERTIFICATES = 5;
const MAX_LENGTH = 32 * 1024;

/**
 * Parses a chain of certificates in PEM (RFC 7468, strict form: lines of 64; between blocks and at the end at most
 * one empty line).
 * @param cache where certificates that come again are parsed once
 * @throws CloisterError ERR_EVIDENCE_CERTIFICATE_MALFORMED on other text, none or more than 5 certificates;
 *   ERR_EVIDENCE_DER_MALFORMED inside a certificate
 */
export function parsePemChain(text: string, cache?: VerificationCache): readonly Certificate[] {
  const certificates: Certificate[] = [];
  if (text.length > MAX_LENGTH) throw evidenceError('ERR_EVIDENCE_CERTIFICATE_MALFORMED');
  for (let offset = 0; offset < text.length; offset = BLOCK.lastIndex) {
    BLOCK.lastIndex = offset;
    const body = BLOCK.exec(text)?.[1];
    if (body === undefined || certificates.length === MAX_CERTIFICATES) {
      throw evidenceError('ERR_EVIDENCE_CERTIFICATE_MALFORMED', { detail: { offset } });
    }
    const parse = (): Certificate => parseCertificate(decode(body));
    certificates.push(cache === undefined ? parse() : cache.remember(body, 'certificate', parse));
  }
  if (certificates.length === 0) throw evidenceError('ERR_EVIDENCE_CERTIFICATE_MALFORMED', { detail: { offset: 0 } });
  return certificates;
}

function decode(body: string): Uint8Array {
  try {
    return fromBase64(body.replaceAll(/\r?\n/g, ''));
  } catch {
    throw evidenceError('ERR_EVIDENCE_CERTIFICATE_MALFORMED');
  }
}
