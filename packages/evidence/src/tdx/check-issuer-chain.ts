import { equalBytes } from '@cloister/core';
import type { CheckId } from '../codes.ts';
import type { Certificate } from '../x509/parse-certificate.ts';
import { parsePemChain } from '../x509/parse-pem-chain.ts';
import { areValidAt, type ChainLeaf, verifyCertificateChain } from '../x509/verify-certificate-chain.ts';
import type { TdxContext } from './tdx-context.ts';

interface IssuerChain {
  readonly root: Certificate;
  readonly leaf: ChainLeaf;
  /** A certificate whose issue by `root` has been verified in this role. */
  readonly known?: Certificate;
}

/**
 * Checks a chain of collateral: one certificate and the same root as the quote's, valid now, for the right use. The same
 * chain often comes twice; its signatures are verified once.
 * @returns the first certificate if the chain holds
 */
export async function checkIssuerChain(
  { list, now, expiries, cache }: TdxContext,
  id: CheckId,
  pem: string,
  expected: IssuerChain,
): Promise<Certificate | undefined> {
  const chain = list.attempt(id, 'ERR_EVIDENCE_CERTIFICATE_MALFORMED', () =>
    cache.remember(pem, 'chain', () => parsePemChain(pem, cache)),
  );
  const [signer, root] = chain ?? [];
  if (chain === undefined || signer === undefined) return undefined;
  const isRooted = chain.length === 2 && root !== undefined && equalBytes(root.raw, expected.root.raw);
  if (!list.require(id, isRooted, 'ERR_EVIDENCE_ROOT_UNTRUSTED')) return undefined;
  const isKnown = expected.known !== undefined && equalBytes(expected.known.raw, signer.raw);
  const verify = (): Promise<boolean> => verifyCertificateChain([signer, expected.root], expected.leaf);
  const holds =
    list.require(id, isKnown || (await cache.remember(pem, expected.leaf, verify)), 'ERR_EVIDENCE_CHAIN_INVALID') &&
    list.require(id, areValidAt(chain, now), 'ERR_EVIDENCE_CERTIFICATE_EXPIRED');
  if (!holds) return undefined;
  expiries.push(signer.notAfter);
  return signer;
}
