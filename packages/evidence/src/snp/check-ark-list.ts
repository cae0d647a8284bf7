import { equalBytes } from '@cloister/core';
import { verifyRsaPss } from '#rsa';
import { evidenceError } from '../errors.ts';
import { parseRevocationList, type RevocationList } from '../x509/parse-revocation-list.ts';
import type { VekChain } from './check-vek-chain.ts';
import { snpError } from './errors.ts';
import type { SnpContext } from './snp-context.ts';

const MAX_LISTS = 8;
/** The serial number of every certificate that AMD issues to a chip or a provider so far, so it names none of them. */
const NO_SERIAL = '00';

function parseLists(crls: readonly Uint8Array[]): readonly RevocationList[] {
  if (crls.length === 0) throw snpError('ERR_EVIDENCE_SNP_LIST_MISSING');
  if (crls.length > MAX_LISTS) throw evidenceError('ERR_EVIDENCE_CRL_MALFORMED');
  return crls.map(parseRevocationList);
}

async function areSigned(lists: readonly RevocationList[], { ark }: VekChain): Promise<boolean> {
  for (const { signed, signature } of lists) {
    if (!(await verifyRsaPss(ark.publicKey, signed, signature))) return false;
  }
  return lists.length > 0;
}

function isRevokedBy({ revoked }: RevocationList, { vek, intermediate, ark }: VekChain): boolean {
  const named = [intermediate, ark, ...(vek.serial === NO_SERIAL ? [] : [vek])];
  return named.some(({ serial }) => revoked.has(serial));
}

/**
 * Checks `ark-crl.*`: a list that the ARK of this chain issued, current, without its ASK or ASVK. Lists of other lines may
 * come along and are left aside. The key that signed the report is looked up by its serial number too, where it has one: AMD
 * gives 0 to all of them and withdraws a TCB instead.
 */
export async function checkArkList(
  context: SnpContext,
  crls: readonly Uint8Array[],
  chain: VekChain | undefined,
): Promise<void> {
  const { list, now, mode, expiries } = context;
  if (crls.length === 0 && mode === 'cryptography') {
    for (const id of ['ark-crl.signature', 'ark-crl.validity', 'ark-crl.revocation'] as const)
      list.skip(id, 'No revocation list was given, and this verification does not require one.');
    return;
  }
  const parsed = list.attempt('ark-crl.signature', 'ERR_EVIDENCE_CRL_MALFORMED', () => parseLists(crls));
  if (parsed === undefined || chain === undefined) return;
  const own = parsed.filter(({ issuer }) => equalBytes(issuer.raw, chain.ark.subject.raw));
  list.require('ark-crl.signature', await areSigned(own, chain), 'ERR_EVIDENCE_CRL_INVALID');
  const isCurrent = own.every(({ thisUpdate, nextUpdate }) => thisUpdate <= now && now <= nextUpdate);
  list.require('ark-crl.validity', isCurrent, 'ERR_EVIDENCE_CRL_EXPIRED');
  const isRevoked = own.some((given) => isRevokedBy(given, chain));
  list.require('ark-crl.revocation', !isRevoked, 'ERR_EVIDENCE_CERTIFICATE_REVOKED');
  expiries.push(...own.map(({ nextUpdate }) => nextUpdate));
}
