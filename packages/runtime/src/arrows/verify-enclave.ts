import type { ArrowNotes } from '../arrow.ts';
import type { Chain } from '../chain.ts';
import { runtimeError } from '../errors.ts';
import type { Recorder } from './record.ts';

/**
 * evidence -> verified enclave: the identity must still be valid when the question starts, not only when it was attested.
 * @throws CloisterError `ERR_RUNTIME_ENCLAVE_EXPIRED`
 */
export function verifyEnclave(chain: Chain, recorder: Recorder, notes: ArrowNotes): void {
  const start = performance.now();
  const { identity } = chain.inference.enclave;
  if (identity.expiresAt <= Date.now()) throw runtimeError('ERR_RUNTIME_ENCLAVE_EXPIRED');
  for (const check of identity.checks) if (check.result === 'pass') notes.checked.push(check.id);
  notes.attributes = { 'cloister.tee': identity.tee, 'cloister.simulated': identity.simulated };
  recorder.attestation(identity, performance.now() - start);
}
