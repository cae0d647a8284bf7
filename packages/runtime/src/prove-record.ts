import type { AuditProof, AuditRecord } from '@cloister/core';
import type { Chain } from './chain.ts';
import { runtimeError } from './errors.ts';

/**
 * The proof that the end of an inference, with the digest of its receipt, is in the log.
 * @throws CloisterError `ERR_RUNTIME_PROOF_UNAVAILABLE` when the sink keeps no tree, or what the sink throws
 */
export async function proveRecord({ audit }: Chain, { index }: AuditRecord): Promise<AuditProof> {
  if (audit.proveEvent === undefined) throw runtimeError('ERR_RUNTIME_PROOF_UNAVAILABLE');
  return audit.proveEvent(index);
}
