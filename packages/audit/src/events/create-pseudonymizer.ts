import { hmacSha256, lengthPrefixed, toBase64url } from '@cloister/core';
import type { AuditReference, AuditReferenceKind } from '@cloister/core';
import { auditError } from '../errors.ts';

/** Turns an identity into a reference that only a holder of the key can link to it. */
export type Pseudonymizer = <Kind extends AuditReferenceKind>(kind: Kind, value: string) => AuditReference<Kind>;

const PREFIXES: Readonly<Record<AuditReferenceKind, string>> = {
  tenant: 'ten',
  actor: 'act',
  session: 'ses',
  request: 'req',
};

/** The texts that can be a reference of a kind. */
export function referencePattern(kind: AuditReferenceKind): RegExp {
  return new RegExp(`^${PREFIXES[kind]}_[A-Za-z0-9_-]{21}[AQgw]$`);
}

/**
 * A pseudonymizer: HMAC-SHA-256(key, LP("cloister/audit-ref/v1") || LP(kind) || LP(value)), the first 128 bits. With a
 * key per tenant (the `pseudonyms` subkey) references of two tenants never link, and destroying the key makes all of a
 * tenant's references anonymous.
 * @param key at least 32 bytes; copied
 * @throws CloisterError `ERR_AUDIT_KEY` on a shorter key
 */
export function createPseudonymizer(key: Uint8Array): Pseudonymizer {
  if (key.length < 32) throw auditError('ERR_AUDIT_KEY');
  const secret = Uint8Array.from(key);
  return <Kind extends AuditReferenceKind>(kind: Kind, value: string) => {
    const tag = hmacSha256(secret, lengthPrefixed('cloister/audit-ref/v1', kind, value)).subarray(0, 16);
    return `${PREFIXES[kind]}_${toBase64url(tag)}` as AuditReference<Kind>;
  };
}
