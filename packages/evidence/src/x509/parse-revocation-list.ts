import { equalBytes, toHex } from '@cloister/core';
import { type DerElement, malformed, openElement, TAG } from '../der/der-reader.ts';
import { readInteger, readSmallInteger, readTime } from '../der/der-values.ts';
import { type DistinguishedName, readName, readSigned } from './parse-certificate.ts';
import { parseExtensions, readExtensionList } from './parse-extensions.ts';
import { readSignatureAlgorithm } from './read-algorithm.ts';

/** A version 2 certificate revocation list signed with ECDSA or RSASSA-PSS. */
export interface RevocationList {
  /** The signed part. */
  readonly signed: Uint8Array;
  /** r || s, 64 bytes for SHA-256, 96 for SHA-384; 512 bytes of RSASSA-PSS. */
  readonly signature: Uint8Array;
  readonly issuer: DistinguishedName;
  /** First and last valid moment, ms since the epoch. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** Serial numbers of revoked certificates, hex of their DER contents. */
  readonly revoked: ReadonlySet<string>;
}

function refuseCritical(extensions: ReadonlyMap<string, { readonly critical: boolean }>): void {
  // Critical extensions change what a list covers: deltas, other issuers, partial scopes (RFC 5280 sections 5.2, 5.3).
  for (const { critical } of extensions.values()) if (critical) throw malformed(0);
}

function readEntries(element: DerElement | undefined): ReadonlySet<string> {
  const revoked = new Set<string>();
  if (element === undefined) return revoked;
  const entries = openElement(element);
  while (!entries.done) {
    const fields = openElement(entries.next(TAG.sequence));
    revoked.add(toHex(readInteger(fields.next(TAG.integer))));
    readTime(fields.any());
    const extensions = fields.optional(TAG.sequence);
    fields.end();
    if (extensions !== undefined) refuseCritical(readExtensionList(openElement(extensions)));
  }
  return revoked;
}

/**
 * Parses a revocation list (RFC 5280 section 5.1), strictly; it must say when the next one comes.
 * @throws CloisterError ERR_EVIDENCE_DER_MALFORMED
 */
export function parseRevocationList(bytes: Uint8Array): RevocationList {
  const { signed, algorithm, signature } = readSigned(bytes);
  const fields = openElement(signed);
  if (readSmallInteger(fields.next(TAG.integer)) !== 1) throw malformed(0);
  if (!equalBytes(readSignatureAlgorithm(fields).raw, algorithm)) throw malformed(0);
  const issuer = readName(fields.next(TAG.sequence));
  const thisUpdate = readTime(fields.any());
  const nextUpdate = readTime(fields.any());
  const revoked = readEntries(fields.optional(TAG.sequence));
  const extensions = fields.optional(TAG.context0);
  fields.end();
  if (extensions !== undefined) refuseCritical(parseExtensions(extensions));
  return { signed: signed.raw, signature, issuer, thisUpdate, nextUpdate, revoked };
}
