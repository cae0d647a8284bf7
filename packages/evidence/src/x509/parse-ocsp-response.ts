import {
  createDerReader,
  type DerElement,
  type DerReader,
  malformed,
  openElement,
  readSequence,
  TAG,
} from '../der/der-reader.ts';
import { readBitString, readInteger, readObjectIdentifier, readTime } from '../der/der-values.ts';
import { type Certificate, parseCertificate } from './parse-certificate.ts';
import { parseExtensions } from './parse-extensions.ts';
import { readSignatureAlgorithm } from './read-algorithm.ts';

/** What an OCSP answer says about one certificate (RFC 6960 section 4.2.1). */
export interface CertificateStatus {
  /** Algorithm of the two digests, hex of its identifier's DER contents. */
  readonly hash: string;
  readonly issuerName: Uint8Array;
  readonly issuerKey: Uint8Array;
  /** Contents of the serial number's INTEGER. */
  readonly serial: Uint8Array;
  readonly status: 'good' | 'revoked' | 'unknown';
  /** ms since the epoch. */
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
}

/** An OCSP response about one certificate, signed with ECDSA. */
export interface OcspResponse {
  /** The signed part. */
  readonly signed: Uint8Array;
  /** r || s. */
  readonly signature: Uint8Array;
  readonly answer: CertificateStatus;
  /** Certificates that the response brings: that of the responder, if the issuer has delegated the work. */
  readonly certificates: readonly Certificate[];
}

/** id-pkix-ocsp-basic, DER contents in hex. */
const BASIC = '2b0601050507300101';
const CONTEXT_1 = 0xa1;
const CONTEXT_2 = 0xa2;
const MAX_LENGTH = 64 * 1024;
const MAX_CERTIFICATES = 4;
const STATUSES: ReadonlyMap<number, CertificateStatus['status']> = new Map([
  [0x80, 'good'],
  [CONTEXT_1, 'revoked'],
  [0x82, 'unknown'],
]);

/** Opens the BasicOCSPResponse inside an OCSPResponse that says successful. */
export function openBasicResponse(bytes: Uint8Array): DerReader {
  if (bytes.length > MAX_LENGTH) throw malformed(MAX_LENGTH);
  const outer = readSequence(bytes);
  const { content } = outer.next(TAG.enumerated);
  if (content.length !== 1 || content[0] !== 0) throw malformed(0);
  const typed = readSequence(outer.next(TAG.context0).content);
  outer.end();
  if (readObjectIdentifier(typed.next(TAG.objectIdentifier)) !== BASIC) throw malformed(0);
  const basic = typed.next(TAG.octetString).content;
  typed.end();
  return readSequence(basic);
}

/** Extensions that stand last; a critical one changes what an answer means, and none is known here. */
function endWithExtensions(fields: DerReader): void {
  const extensions = fields.optional(CONTEXT_1);
  fields.end();
  if (extensions === undefined) return;
  for (const { critical } of parseExtensions(extensions).values()) if (critical) throw malformed(0);
}

function readSingle(element: DerElement): CertificateStatus {
  const single = openElement(element);
  const name = openElement(single.next(TAG.sequence));
  const hash = readObjectIdentifier(openElement(name.next(TAG.sequence)).next(TAG.objectIdentifier));
  const [issuerName, issuerKey] = [name.next(TAG.octetString).content, name.next(TAG.octetString).content];
  const serial = readInteger(name.next(TAG.integer));
  name.end();
  const status = STATUSES.get(single.any().tag);
  if (status === undefined) throw malformed(0);
  const thisUpdate = readTime(single.next(TAG.generalizedTime));
  const next = single.optional(TAG.context0);
  endWithExtensions(single);
  return {
    hash,
    issuerName,
    issuerKey,
    serial,
    status,
    thisUpdate,
    nextUpdate: next && readTime(createDerReader(next.content).next(TAG.generalizedTime)),
  };
}

/** The one answer of a ResponseData; more than one is refused. Who signed is found out by trying, not by the responder's id. */
export function readAnswer(data: DerElement): CertificateStatus {
  const fields = openElement(data);
  fields.optional(TAG.context0);
  if (fields.optional(CONTEXT_1) === undefined) fields.next(CONTEXT_2);
  readTime(fields.next(TAG.generalizedTime));
  const responses = openElement(fields.next(TAG.sequence));
  const answer = readSingle(responses.next(TAG.sequence));
  responses.end();
  endWithExtensions(fields);
  return answer;
}

function readCertificates(container: DerElement | undefined): readonly Certificate[] {
  if (container === undefined) return [];
  const list = readSequence(container.content);
  const certificates: Certificate[] = [];
  while (!list.done) {
    if (certificates.length === MAX_CERTIFICATES) throw malformed(0);
    certificates.push(parseCertificate(list.next(TAG.sequence).raw));
  }
  return certificates;
}

/**
 * Parses an OCSP response (RFC 6960 section 4.2) that holds one answer and is signed with ECDSA, strictly.
 * @throws CloisterError ERR_EVIDENCE_DER_MALFORMED, also for an error status and for more than one answer
 */
export function parseOcspResponse(bytes: Uint8Array): OcspResponse {
  const basic = openBasicResponse(bytes);
  const data = basic.next(TAG.sequence);
  const signature = readSignatureAlgorithm(basic).readSignature(readBitString(basic.next(TAG.bitString)));
  const certificates = readCertificates(basic.optional(TAG.context0));
  basic.end();
  return { signed: data.raw, signature, answer: readAnswer(data), certificates };
}
