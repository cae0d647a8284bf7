import { createDerReader, type DerReader, malformed, readSequence, TAG } from '../der/der-reader.ts';
import { readInteger, readObjectIdentifier, readTime } from '../der/der-values.ts';

/** What an OCSP answer says about one certificate. Nothing of it is verified. */
export interface OcspFacts {
  /** Contents of the serial number's INTEGER. */
  readonly serial: Uint8Array;
  readonly status: 'good' | 'revoked' | 'unknown';
  /** ms since the epoch. */
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
}

/** id-pkix-ocsp-basic, DER contents in hex. */
const BASIC = '2b0601050507300101';
const STATUSES: ReadonlyMap<number, OcspFacts['status']> = new Map([
  [0x80, 'good'],
  [0xa1, 'revoked'],
  [0x82, 'unknown'],
]);

/** The responses of a BasicOCSPResponse inside an OCSPResponse that says successful. */
function openResponses(bytes: Uint8Array): DerReader {
  const outer = readSequence(bytes);
  const [status] = outer.next(TAG.enumerated).content;
  if (status !== 0) throw malformed(0);
  const typed = readSequence(outer.next(TAG.context0).content);
  if (readObjectIdentifier(typed.next(TAG.objectIdentifier)) !== BASIC) throw malformed(0);
  const basic = readSequence(typed.next(TAG.octetString).content);
  const data = createDerReader(basic.next(TAG.sequence).content);
  data.optional(TAG.context0);
  data.any();
  data.next(TAG.generalizedTime);
  return createDerReader(data.next(TAG.sequence).content);
}

/**
 * Reads the one answer of an OCSP response (RFC 6960 section 4.2) without verifying it.
 * @throws CloisterError ERR_EVIDENCE_DER_MALFORMED, also for an error status and for more than one answer
 */
export function readOcspFacts(bytes: Uint8Array): OcspFacts {
  const responses = openResponses(bytes);
  const single = createDerReader(responses.next(TAG.sequence).content);
  responses.end();
  const name = createDerReader(single.next(TAG.sequence).content);
  name.next(TAG.sequence);
  name.next(TAG.octetString);
  name.next(TAG.octetString);
  const serial = readInteger(name.next(TAG.integer));
  const status = STATUSES.get(single.any().tag);
  if (status === undefined) throw malformed(0);
  const thisUpdate = readTime(single.next(TAG.generalizedTime));
  const next = single.optional(TAG.context0);
  return { serial, status, thisUpdate, nextUpdate: next && readTime(createDerReader(next.content).any()) };
}
