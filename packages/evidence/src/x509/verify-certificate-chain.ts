import { equalBytes } from '@cloister/core';
import { verifyEcdsa } from '../ecdsa/verify-ecdsa.ts';
import type { Certificate } from './parse-certificate.ts';

// Key usage bits (RFC 5280 section 4.2.1.3).
const DIGITAL_SIGNATURE = 0;
const KEY_CERT_SIGN = 5;
const CRL_SIGN = 6;

/** Whether a certificate may issue others and their revocation lists, with `below` authorities between it and the leaf. */
function isIssuer(certificate: Certificate, below: number): boolean {
  return (
    certificate.isAuthority &&
    certificate.keyUsage?.has(KEY_CERT_SIGN) === true &&
    certificate.keyUsage.has(CRL_SIGN) &&
    (certificate.pathLength === undefined || certificate.pathLength >= below)
  );
}

async function isIssuedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  return (
    equalBytes(certificate.issuer.raw, issuer.subject.raw) &&
    (await verifyEcdsa(issuer.publicKey, certificate.signed, certificate.signature))
  );
}

function hasRole(certificate: Certificate, index: number, leaf: ChainLeaf): boolean {
  if (leaf === 'authority') return isIssuer(certificate, index);
  if (index > 0) return isIssuer(certificate, index - 1);
  return !certificate.isAuthority && certificate.keyUsage?.has(DIGITAL_SIGNATURE) === true;
}

/** What the first certificate of a chain is for. */
export type ChainLeaf = 'end-entity' | 'authority';

/**
 * Whether every certificate was issued by the next (RFC 5280 section 6.1, for the fixed shapes of Intel's PKI): names,
 * basic constraints, path lengths, key usage, signatures. Time, revocation and trust are other checks; the last
 * certificate is a trust anchor, compared byte for byte elsewhere, so that its own signature proves nothing more.
 * @param chain leaf first, root last
 */
export async function verifyCertificateChain(chain: readonly Certificate[], leaf: ChainLeaf): Promise<boolean> {
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1];
    if (!hasRole(certificate, index, leaf)) return false;
    if (issuer !== undefined && !(await isIssuedBy(certificate, issuer))) return false;
  }
  return chain.length > 1;
}

/** Whether all certificates are valid at `now`, ms since the epoch (RFC 5280 section 4.1.2.5: both ends count). */
export function areValidAt(certificates: readonly Certificate[], now: number): boolean {
  return certificates.every(({ notBefore, notAfter }) => notBefore <= now && now <= notAfter);
}
