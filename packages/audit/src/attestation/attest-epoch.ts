import type { EvidenceProvider } from '@cloister/core';
import { utf8 } from '@cloister/core';
import {
  createGpuNonce,
  createNonceRoot,
  createReportData,
  encodeEvidenceBundle,
  encodeKeyset,
  MAX_KEYSET_LIFETIME,
} from '@cloister/evidence';
import type { DeploymentSignature, NonceProof } from '@cloister/evidence';
import type { EpochStatement } from '../epoch/epoch-statement.ts';
import { epochNonce } from '../epoch/epoch-statement.ts';

/** What the enclave says of itself besides its evidence. */
export interface AttestEpochOptions {
  /** SHA-256 of the effective configuration of what runs here, 32 bytes: a policy pins it. */
  readonly deployment: Uint8Array;
  /** The owner's word for it, where the policy names an owner. */
  readonly deploymentSignature?: DeploymentSignature;
}

/** Stands where a gateway has its key configurations: nothing can be sealed to a bundle of a log. */
export const LOG_CONFIG: Uint8Array = utf8('cloister/audit/v1');

/**
 * Binds the keys of a log's epochs to the enclave: an evidence bundle (DESIGN 6.1) whose nonce is the SHA-256 of the epoch's
 * statement and whose keyset holds the epoch's key in place of the receipt key. Give it to `auditLog` as `attest`.
 * @param provider evidence of the guest, from `@cloister/host`
 */
export function attestEpoch(
  provider: EvidenceProvider,
  options: AttestEpochOptions,
): (statement: EpochStatement, at: number) => Promise<Uint8Array> {
  return async (statement, at) => {
    const nonce = epochNonce(statement);
    const { root, proofs } = createNonceRoot([nonce]);
    const keyset = encodeKeyset({
      version: 1,
      configs: [LOG_CONFIG],
      receiptKey: statement.publicKey,
      deployment: options.deployment,
      notBefore: at,
      notAfter: at + MAX_KEYSET_LIFETIME,
    });
    const gpus = await provider.collectGpus(createGpuNonce(root));
    const cpu = await provider.collect(createReportData({ nonceRoot: root, keyset, gpus }));
    const collateral = await provider.collateral?.();
    const bundle = encodeEvidenceBundle({
      version: 1,
      nonce,
      nonceProof: proofs[0] as NonceProof,
      keyset,
      cpu,
      gpus,
      ...(collateral === undefined ? {} : { collateral }),
      ...(options.deploymentSignature === undefined ? {} : { deploymentSignature: options.deploymentSignature }),
    });
    return utf8(bundle);
  };
}
