import { concat, equalBytes, sha384, toHex } from '@cloister/core';
import { readSequence, TAG } from '../../der/der-reader.ts';
import { readObjectIdentifier } from '../../der/der-values.ts';
import { verifyEcdsa } from '../../ecdsa/verify-ecdsa.ts';
import { OID } from '../../x509/object-identifiers.ts';
import type { Certificate } from '../../x509/parse-certificate.ts';
import { type CertificateStatus, type OcspResponse, parseOcspResponse } from '../../x509/parse-ocsp-response.ts';
import { areValidAt, isIssuedBy } from '../../x509/verify-certificate-chain.ts';

/** Why certificates are not known to be good. */
export type StatusRefusal =
  | 'ERR_EVIDENCE_GPU_REVOCATION_MISSING'
  | 'ERR_EVIDENCE_OCSP_MALFORMED'
  | 'ERR_EVIDENCE_OCSP_SIGNATURE'
  | 'ERR_EVIDENCE_OCSP_EXPIRED'
  | 'ERR_EVIDENCE_OCSP_UNKNOWN'
  | 'ERR_EVIDENCE_CERTIFICATE_REVOKED';

/** What the answers about a chain amount to. */
export interface StatusJudgement {
  /** `undefined` when every certificate is good. */
  readonly refusal: StatusRefusal | undefined;
  /** Last moment at which the answers hold, ms since the epoch. */
  readonly expiresAt: number;
}

/** A response without an end holds for a day: newer ones may exist from the start (RFC 6960 section 4.2.2.1). */
const UNDATED_LIFETIME = 86_400_000;
/** id-kp-OCSPSigning, DER contents in hex. */
const OCSP_SIGNING = '2b06010505070309';

/** Whether an answer is about this certificate, as the request named it (RFC 6960 section 4.1.1). */
function isAbout(
  { hash, issuerName, issuerKey, serial }: CertificateStatus,
  subject: Certificate,
  issuer: Certificate,
): boolean {
  return (
    hash === OID.sha384 &&
    toHex(serial) === subject.serial &&
    equalBytes(issuerName, sha384(issuer.subject.raw)) &&
    equalBytes(issuerKey, sha384(concat(Uint8Array.of(0x04), issuer.publicKey)))
  );
}

function signsResponses({ extensions }: Certificate): boolean {
  const purposes = extensions.get(OID.extendedKeyUsage);
  if (purposes === undefined) return false;
  const list = readSequence(purposes.value);
  while (!list.done) if (readObjectIdentifier(list.next(TAG.objectIdentifier)) === OCSP_SIGNING) return true;
  return false;
}

/** The issuer, or one whom it gave the right to answer (RFC 6960 section 4.2.2.2); never somebody else's responder. */
async function findSigner(
  { signed, signature, certificates }: OcspResponse,
  issuer: Certificate,
): Promise<Certificate | undefined> {
  if (await verifyEcdsa(issuer.publicKey, signed, signature)) return issuer;
  for (const responder of certificates) {
    const isResponder = !responder.isAuthority && (await isIssuedBy(responder, issuer));
    if (isResponder && (await verifyEcdsa(responder.publicKey, signed, signature))) return responder;
  }
  return undefined;
}

async function judgeResponse(response: OcspResponse, issuer: Certificate, now: number): Promise<StatusJudgement> {
  const { status, thisUpdate, nextUpdate = thisUpdate + UNDATED_LIFETIME } = response.answer;
  const signer = await findSigner(response, issuer);
  const refuse = (refusal: StatusRefusal): StatusJudgement => ({ refusal, expiresAt: nextUpdate });
  if (signer === undefined) return refuse('ERR_EVIDENCE_OCSP_SIGNATURE');
  if (status === 'revoked') return refuse('ERR_EVIDENCE_CERTIFICATE_REVOKED');
  const isCurrent = thisUpdate <= now && now <= nextUpdate && areValidAt([signer], now);
  if (!isCurrent) return refuse('ERR_EVIDENCE_OCSP_EXPIRED');
  if (status === 'unknown') return refuse('ERR_EVIDENCE_OCSP_UNKNOWN');
  return { refusal: undefined, expiresAt: Math.min(nextUpdate, signer.notAfter) };
}

/** Of the certificates in a response only those of responders are kept. */
function parseAll(statuses: readonly Uint8Array[]): readonly OcspResponse[] | undefined {
  try {
    return statuses.map((status) => {
      const response = parseOcspResponse(status);
      return { ...response, certificates: response.certificates.filter(signsResponses) };
    });
  } catch {
    return undefined;
  }
}

/**
 * Judges certificates by OCSP responses. Each needs at least one answer, from its issuer or a responder that the issuer
 * appointed, and all answers about it have to be good and current; answers about others do not matter.
 * @param chain the last certificate is not judged; of the others each was issued by the next
 * @param statuses DER
 */
export async function judgeStatuses(
  chain: readonly Certificate[],
  statuses: readonly Uint8Array[],
  now: number,
): Promise<StatusJudgement> {
  const responses = parseAll(statuses);
  if (responses === undefined) return { refusal: 'ERR_EVIDENCE_OCSP_MALFORMED', expiresAt: now };
  let expiresAt = Number.POSITIVE_INFINITY;
  for (const [index, subject] of chain.slice(0, -1).entries()) {
    const issuer = chain[index + 1] as Certificate;
    const about = responses.filter(({ answer }) => isAbout(answer, subject, issuer));
    if (about.length === 0) return { refusal: 'ERR_EVIDENCE_GPU_REVOCATION_MISSING', expiresAt };
    for (const response of about) {
      const judgement = await judgeResponse(response, issuer, now);
      if (judgement.refusal !== undefined) return judgement;
      expiresAt = Math.min(expiresAt, judgement.expiresAt);
    }
  }
  return { refusal: undefined, expiresAt };
}
