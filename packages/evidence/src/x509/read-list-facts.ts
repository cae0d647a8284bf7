import { createDerReader, readSequence, TAG } from '../der/der-reader.ts';
import { readTime } from '../der/der-values.ts';

/** What a revocation list of any algorithm says about itself. Nothing of it is verified. */
export interface ListFacts {
  /** The name, DER. */
  readonly issuer: Uint8Array;
  /** ms since the epoch. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

/**
 * Reads the head of a version 2 revocation list (RFC 5280 section 5.1) without verifying it.
 * @throws CloisterError ERR_EVIDENCE_DER_MALFORMED, also for a list that does not say when the next one comes
 */
export function readListFacts(bytes: Uint8Array): ListFacts {
  const fields = createDerReader(readSequence(bytes).next(TAG.sequence).content);
  fields.next(TAG.integer);
  fields.next(TAG.sequence);
  const issuer = fields.next(TAG.sequence).raw;
  return { issuer, thisUpdate: readTime(fields.any()), nextUpdate: readTime(fields.any()) };
}
