import { equalBytes } from '@cloister/core';
import type { CheckId } from '../check.ts';
import type { Certificate } from '../x509/parse-certificate.ts';
import { parsePemChain } from '../x509/parse-pem-chain.ts';
import { areValidAt, verifyCertificateChain } from '../x509/verify-certificate-chain.ts';
import type { TdxContext } from './tdx-context.ts';

/**
 * Checks a chain of collateral: one certificate and the same root as the quote's, valid now, for the right use.
 * @returns the first certificate if the chain holds
 */
export async function checkIssuerChain(
  context: TdxContext,
  id: CheckId,
  pem: string,
  options: { readonly root: Certificate; readonly leaf: 'end-entity' | 'authority' },
): Promise<Certificate | undefined> {
  const { list, now, expiries } = context;
  const chain = list.attempt(id, 'ERR_EVIDENCE_CERTIFICATE_MALFORMED', () => parsePemChain(pem));
  const [signer, root] = chain ?? [];
  if (chain === undefined || signer === undefined) return undefined;
  const isRooted = chain.length === 2 && root !== undefined && equalBytes(root.raw, options.root.raw);
  const holds =
    list.require(id, isRooted, 'ERR_EVIDENCE_ROOT_UNTRUSTED') &&
    list.require(id, await verifyCertificateChain(chain, options.leaf), 'ERR_EVIDENCE_CHAIN_INVALID') &&
    list.require(id, areValidAt(chain, now), 'ERR_EVIDENCE_CERTIFICATE_EXPIRED');
  if (!holds) return undefined;
  expiries.push(signer.notAfter);
  return signer;
}
