import { equalBytes } from '@cloister/core';
import { verifyEcdsa } from '../ecdsa/verify-ecdsa.ts';
import type { Certificate } from './parse-certificate.ts';

/** Key usage bits (RFC 5280 section 4.2.1.3). */
const DIGITAL_SIGNATURE = 0;
const KEY_CERT_SIGN = 5;
const CRL_SIGN = 6;

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

/**
 * Whether every certificate was issued by the next and the last by itself (RFC 5280 section 6.1, for the fixed shapes of
 * Intel's PKI): names, basic constraints, path lengths, key usage, signatures. Time, revocation and trust are other checks.
 * @param chain leaf first, root last; an authority as leaf is allowed only when `leaf` is `authority`
 */
export async function verifyCertificateChain(
  chain: readonly Certificate[],
  leaf: 'end-entity' | 'authority',
): Promise<boolean> {
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1] ?? certificate;
    // Path length counts the authorities between an issuer and the end entity.
    const authoritiesBelow = leaf === 'authority' ? index : index - 1;
    const isLeaf = index === 0 && leaf === 'end-entity';
    if (
      isLeaf
        ? certificate.isAuthority || certificate.keyUsage?.has(DIGITAL_SIGNATURE) !== true
        : !isIssuer(certificate, authoritiesBelow)
    ) {
      return false;
    }
    if (!(await isIssuedBy(certificate, issuer))) return false;
  }
  return chain.length > 1;
}

/** Whether all certificates are valid at `now`, ms since the epoch (RFC 5280 section 4.1.2.5: both ends count). */
export function areValidAt(certificates: readonly Certificate[], now: number): boolean {
  return certificates.every(({ notBefore, notAfter }) => notBefore <= now && now <= notAfter);
}
