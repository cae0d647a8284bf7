import { equalBytes } from '@cloister/core';
import type { CheckId } from '../codes.ts';
import type { Certificate } from '../x509/parse-certificate.ts';
import { parsePemChain } from '../x509/parse-pem-chain.ts';
import { areValidAt, type ChainLeaf, verifyCertificateChain } from '../x509/verify-certificate-chain.ts';
import type { TdxContext } from './tdx-context.ts';

interface IssuerChain {
  readonly root: Certificate;
  readonly leaf: ChainLeaf;
}

/**
 * Checks a chain of collateral: one certificate and the same root as the quote's, valid now, for the right use. The same
 * chain often comes twice; it is verified once.
 * @returns the first certificate if the chain holds
 */
export async function checkIssuerChain(
  context: TdxContext,
  id: CheckId,
  pem: string,
  expected: IssuerChain,
): Promise<Certificate | undefined> {
  const name = `${expected.leaf} ${pem}`;
  const signer = context.issuers.get(name) ?? (await verifyIssuerChain(context, id, pem, expected));
  if (signer === undefined) return undefined;
  context.list.require(id, true, 'ERR_EVIDENCE_CHAIN_INVALID');
  context.issuers.set(name, signer);
  return signer;
}

async function verifyIssuerChain(
  { list, now, expiries }: TdxContext,
  id: CheckId,
  pem: string,
  { root: trusted, leaf }: IssuerChain,
): Promise<Certificate | undefined> {
  const chain = list.attempt(id, 'ERR_EVIDENCE_CERTIFICATE_MALFORMED', () => parsePemChain(pem));
  const [signer, root] = chain ?? [];
  if (chain === undefined || signer === undefined) return undefined;
  const isRooted = chain.length === 2 && root !== undefined && equalBytes(root.raw, trusted.raw);
  const holds =
    list.require(id, isRooted, 'ERR_EVIDENCE_ROOT_UNTRUSTED') &&
    list.require(id, await verifyCertificateChain(chain, leaf), 'ERR_EVIDENCE_CHAIN_INVALID') &&
    list.require(id, areValidAt(chain, now), 'ERR_EVIDENCE_CERTIFICATE_EXPIRED');
  if (!holds) return undefined;
  expiries.push(signer.notAfter);
  return signer;
}
