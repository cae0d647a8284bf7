import { equalBytes, fromHex, type TdxCollateral, toHex } from '@cloister/core';
import { verifyEcdsa } from '../ecdsa/verify-ecdsa.ts';
import { evidenceError } from '../errors.ts';
import type { Certificate } from '../x509/parse-certificate.ts';
import { parseRevocationList, type RevocationList } from '../x509/parse-revocation-list.ts';
import { checkIssuerChain } from './check-issuer-chain.ts';
import type { PckChain } from './check-pck-chain.ts';
import type { TdxContext } from './tdx-context.ts';

function parseList(hex: string): RevocationList {
  try {
    return parseRevocationList(fromHex(hex));
  } catch {
    throw evidenceError('ERR_EVIDENCE_CRL_MALFORMED');
  }
}

async function checkList(
  context: TdxContext,
  name: 'root' | 'pck',
  hex: string,
  issuer: Certificate,
): Promise<RevocationList | undefined> {
  const { list, now, expiries, mode, cache } = context;
  if (hex === '' && mode === 'cryptography') {
    list.skip(`crl.${name}.signature`, 'No revocation list was given, and this verification does not require one.');
    list.skip(`crl.${name}.validity`, 'No revocation list was given, and this verification does not require one.');
    return undefined;
  }
  const parsed = list.attempt(`crl.${name}.signature`, 'ERR_EVIDENCE_CRL_MALFORMED', () =>
    cache.remember(hex, 'list', () => parseList(hex)),
  );
  if (parsed === undefined) return undefined;
  const isSigned =
    equalBytes(parsed.issuer.raw, issuer.subject.raw) &&
    (await cache.remember(hex, toHex(issuer.publicKey), () =>
      verifyEcdsa(issuer.publicKey, parsed.signed, parsed.signature),
    ));
  const isCurrent = parsed.thisUpdate <= now && now <= parsed.nextUpdate;
  const signed = list.require(`crl.${name}.signature`, isSigned, 'ERR_EVIDENCE_CRL_INVALID');
  const valid = list.require(`crl.${name}.validity`, isCurrent, 'ERR_EVIDENCE_CRL_EXPIRED');
  expiries.push(parsed.nextUpdate);
  return signed && valid ? parsed : undefined;
}

/** The revocation lists of a verification that passed their checks. */
export interface RevocationLists {
  /** Issued by the root: PCK CAs and TCB signers. */
  readonly root: RevocationList | undefined;
  /** Issued by the PCK CA: platform certificates. */
  readonly pck: RevocationList | undefined;
}

/** Checks `crl.*` but `crl.revocation`: form, issuer, signature and validity of both lists. A missing list is a failure. */
export async function checkRevocationLists(
  context: TdxContext,
  collateral: TdxCollateral,
  chain: PckChain,
): Promise<RevocationLists> {
  const root = await checkList(context, 'root', collateral.root_ca_crl, chain.root);
  const issuer = await checkIssuerChain(context, 'crl.pck.issuer', collateral.pck_crl_issuer_chain, {
    root: chain.root,
    leaf: 'authority',
    known: chain.issuer,
  });
  if (issuer !== undefined) {
    const isSame =
      equalBytes(issuer.publicKey, chain.issuer.publicKey) && equalBytes(issuer.subject.raw, chain.issuer.subject.raw);
    context.list.require('crl.pck.issuer', isSame, 'ERR_EVIDENCE_COLLATERAL_MISMATCH');
  }
  const pck = await checkList(context, 'pck', collateral.pck_crl, chain.issuer);
  return { root, pck };
}

/** Checks `crl.revocation`: none of the certificates that were relied on is on its issuer's list. */
export function checkRevocation(
  context: TdxContext,
  lists: RevocationLists,
  chain: PckChain,
  signers: readonly (Certificate | undefined)[],
): void {
  if (lists.root === undefined || lists.pck === undefined) {
    if (context.mode === 'cryptography')
      context.list.skip('crl.revocation', 'A revocation list is missing, and this verification does not require it.');
    return;
  }
  const isRevoked =
    lists.pck.revoked.has(chain.leaf.serial) ||
    [chain.issuer, ...signers].some(
      (certificate) => certificate !== undefined && lists.root?.revoked.has(certificate.serial) === true,
    );
  context.list.require('crl.revocation', !isRevoked, 'ERR_EVIDENCE_CERTIFICATE_REVOKED');
}
