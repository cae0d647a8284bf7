import { equalBytes } from '@cloister/core';
import { verifyEcdsa } from '../ecdsa/verify-ecdsa.ts';
import { OID } from './object-identifiers.ts';
import type { Certificate } from './parse-certificate.ts';

// Key usage bits (RFC 5280 section 4.2.1.3).
const DIGITAL_SIGNATURE = 0;
const KEY_CERT_SIGN = 5;
const CRL_SIGN = 6;

/** What an authority's key may be used for: certificates and revocation lists, or certificates only. */
export const AUTHORITY_USAGE: Readonly<Record<'certificatesAndLists' | 'certificates', readonly number[]>> = {
  certificatesAndLists: [KEY_CERT_SIGN, CRL_SIGN],
  certificates: [KEY_CERT_SIGN],
};

/** Whether a certificate may issue others, with `below` authorities between it and the leaf. */
function isIssuer(certificate: Certificate, below: number, usage: readonly number[]): boolean {
  return (
    certificate.isAuthority &&
    usage.every((bit) => certificate.keyUsage?.has(bit)) &&
    (certificate.pathLength === undefined || certificate.pathLength >= below)
  );
}

/** Whether `issuer` is named as the issuer and signed the certificate. Whether it may is another question. */
export async function isIssuedBy(
  certificate: Certificate,
  issuer: Certificate,
  verify: typeof verifyEcdsa = verifyEcdsa,
): Promise<boolean> {
  return (
    equalBytes(certificate.issuer.raw, issuer.subject.raw) &&
    (await verify(issuer.publicKey, certificate.signed, certificate.signature))
  );
}

function hasRole(certificate: Certificate, index: number, leaf: ChainLeaf, usage: readonly number[]): boolean {
  // Whoever makes the purposes critical means other uses than those of the chains here (RFC 5280 section 4.2.1.12).
  if (certificate.extensions.get(OID.extendedKeyUsage)?.critical === true) return false;
  if (leaf === 'authority') return isIssuer(certificate, index, usage);
  if (index > 0) return isIssuer(certificate, index - 1, usage);
  return !certificate.isAuthority && certificate.keyUsage?.has(DIGITAL_SIGNATURE) === true;
}

/** What the first certificate of a chain is for. */
export type ChainLeaf = 'end-entity' | 'authority';

/**
 * Whether every certificate was issued by the next (RFC 5280 section 6.1, for the fixed shapes of vendors' PKIs): names,
 * basic constraints, path lengths, key usage, signatures. Time, revocation and trust are other checks; the last
 * certificate is a trust anchor, compared byte for byte elsewhere, so that its own signature proves nothing more.
 * @param chain leaf first, root last
 * @param options.usage what every authority must be allowed; certificates and lists unless said
 * @param options.verify checks one signature; ECDSA unless said
 */
export async function verifyCertificateChain(
  chain: readonly Certificate[],
  leaf: ChainLeaf,
  options: { readonly usage?: readonly number[]; readonly verify?: typeof verifyEcdsa } = {},
): Promise<boolean> {
  const { usage = AUTHORITY_USAGE.certificatesAndLists, verify = verifyEcdsa } = options;
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1];
    if (!hasRole(certificate, index, leaf, usage)) return false;
    if (issuer !== undefined && !(await isIssuedBy(certificate, issuer, verify))) return false;
  }
  return chain.length > 1;
}

/** Whether all certificates are valid at `now`, ms since the epoch (RFC 5280 section 4.1.2.5: both ends count). */
export function areValidAt(certificates: readonly Certificate[], now: number): boolean {
  return certificates.every(({ notBefore, notAfter }) => notBefore <= now && now <= notAfter);
}
