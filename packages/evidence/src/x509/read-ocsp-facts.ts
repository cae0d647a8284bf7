import { TAG } from '../der/der-reader.ts';
import { type CertificateStatus, openBasicResponse, readAnswer } from './parse-ocsp-response.ts';

/** What an OCSP answer says about one certificate. Nothing of it is verified. */
export type OcspFacts = Pick<CertificateStatus, 'serial' | 'status' | 'thisUpdate' | 'nextUpdate'>;

/**
 * Reads the one answer of an OCSP response (RFC 6960 section 4.2) without verifying it.
 * @throws CloisterError ERR_EVIDENCE_DER_MALFORMED, also for an error status and for more than one answer
 */
export function readOcspFacts(bytes: Uint8Array): OcspFacts {
  const { serial, status, thisUpdate, nextUpdate } = readAnswer(openBasicResponse(bytes).next(TAG.sequence));
  return { serial, status, thisUpdate, nextUpdate };
}
