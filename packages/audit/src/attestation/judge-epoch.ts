import { equalBytes } from '@cloister/core';
import { appraise, parseEvidenceBundle } from '@cloister/evidence';
import type { AppraiseOptions, EnclaveIdentity, EvidencePolicy, Verified } from '@cloister/evidence';
import type { EpochStatement } from '../epoch/epoch-statement.ts';
import { epochNonce } from '../epoch/epoch-statement.ts';
import { auditError } from '../errors.ts';
import { LOG_CONFIG } from './attest-epoch.ts';

/**
 * Judges the keys of a log's epochs: the evidence must satisfy the policy as of the time at which the epoch began, and be
 * about this key and the tree before it. Give it to `verifyLog` as `judge`.
 * @param options the vendors' roots, and collateral where the bundles have none
 * @throws (what it gives) CloisterError `ERR_AUDIT_ATTESTATION`, and of `evidence` what `appraise` throws
 */
export function judgeEpoch(
  policy: EvidencePolicy,
  options: Omit<AppraiseOptions, 'now' | 'nonce'> = {},
): (evidence: Uint8Array, statement: EpochStatement, at: number) => Promise<Verified<EnclaveIdentity>> {
  return async (evidence, statement, at) => {
    const bundle = parseEvidenceBundle(evidence);
    const identity = await appraise(bundle, policy, { ...options, now: at, nonce: epochNonce(statement) });
    const { receiptKey, configs } = identity.keyset;
    const isLog = configs.length === 1 && configs.every((config) => equalBytes(config, LOG_CONFIG));
    if (!isLog || !equalBytes(receiptKey, statement.publicKey)) throw auditError('ERR_AUDIT_ATTESTATION');
    return identity;
  };
}
