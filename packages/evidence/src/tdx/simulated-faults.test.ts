import { TEE_FAULTS, type TeeFault } from '@cloister/simulator/tee';
import { describe, expect, test } from 'vitest';
import { createSimulatedEvidence, NOW } from '../../../../test/evidence/simulated-bundle.ts';
import { AppraisalError } from '../check.ts';
import type { CheckId, EvidenceErrorCode } from '../codes.ts';
import { verifyTdxQuote } from './verify-tdx-quote.ts';

/** The check that decides about each fault, and its code. */
const EXPECTED: Readonly<Record<TeeFault, readonly [CheckId, EvidenceErrorCode]>> = {
  debug: ['td.debug', 'ERR_EVIDENCE_TD_DEBUG'],
  migratable: ['td.attributes', 'ERR_EVIDENCE_TD_ATTRIBUTES'],
  'qe-debug': ['qe.debug', 'ERR_EVIDENCE_QE_DEBUG'],
  'qe-not-vendor': ['qe.identity', 'ERR_EVIDENCE_QE_IDENTITY_MISMATCH'],
  'qe-out-of-date': ['tcb.status', 'ERR_EVIDENCE_TCB_NOT_ACCEPTED'],
  'module-out-of-date': ['tcb.status', 'ERR_EVIDENCE_TCB_NOT_ACCEPTED'],
  'module-unknown': ['tcb.module', 'ERR_EVIDENCE_TCB_UNKNOWN'],
  'platform-out-of-date': ['tcb.status', 'ERR_EVIDENCE_TCB_NOT_ACCEPTED'],
  'platform-unknown': ['tcb.platform', 'ERR_EVIDENCE_TCB_UNKNOWN'],
  'attestation-key-foreign': ['attestation-key.binding', 'ERR_EVIDENCE_ATTESTATION_KEY_UNBOUND'],
  'quote-signature-foreign': ['quote.signature', 'ERR_EVIDENCE_QUOTE_SIGNATURE'],
  'pck-revoked': ['crl.revocation', 'ERR_EVIDENCE_CERTIFICATE_REVOKED'],
  'pck-expired': ['pck.validity', 'ERR_EVIDENCE_CERTIFICATE_EXPIRED'],
  'intermediate-revoked': ['crl.revocation', 'ERR_EVIDENCE_CERTIFICATE_REVOKED'],
  'tcb-signer-revoked': ['crl.revocation', 'ERR_EVIDENCE_CERTIFICATE_REVOKED'],
  'crl-expired': ['crl.root.validity', 'ERR_EVIDENCE_CRL_EXPIRED'],
  'crl-foreign': ['crl.pck.signature', 'ERR_EVIDENCE_CRL_INVALID'],
  'crl-missing': ['crl.pck.signature', 'ERR_EVIDENCE_CRL_MALFORMED'],
  'collateral-expired': ['tcb-info.validity', 'ERR_EVIDENCE_COLLATERAL_EXPIRED'],
  'collateral-foreign': ['tcb-info.signature', 'ERR_EVIDENCE_COLLATERAL_SIGNATURE'],
  'wrong-fmspc': ['tcb-info.platform', 'ERR_EVIDENCE_COLLATERAL_MISMATCH'],
  'wrong-pceid': ['tcb-info.platform', 'ERR_EVIDENCE_COLLATERAL_MISMATCH'],
};

async function verify(faults: readonly TeeFault[], options: object = {}): ReturnType<typeof verifyTdxQuote> {
  const { tee, bundle } = await createSimulatedEvidence({ faults });
  const quote = bundle.cpu.tee === 'tdx' ? bundle.cpu.quote : new Uint8Array();
  return verifyTdxQuote(quote, { now: NOW, collateral: tee.collateral, roots: tee.roots, ...options });
}

describe('a simulated platform', () => {
  test('without faults is accepted under its own roots and refused under the production root', async () => {
    expect(await verify([])).toMatchObject({ tcbStatus: 'UpToDate', simulated: true });
    await expect(verify([], { roots: undefined })).rejects.toMatchObject({ code: 'ERR_EVIDENCE_ROOT_UNTRUSTED' });
  });

  test.each(TEE_FAULTS)('with fault %s is refused by the check that is about it', async (fault) => {
    const error: unknown = await verify([fault]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AppraisalError);
    const [id, code] = EXPECTED[fault];
    expect((error as AppraisalError).checks.find(({ result }) => result === 'fail')).toMatchObject({ id, code });
  });

  test.each(['qe-out-of-date', 'module-out-of-date', 'platform-out-of-date'] as const)(
    'that is %s is accepted when the policy names the status, with its advisories',
    async (fault) => {
      const verdict = await verify([fault], { acceptedTcb: ['UpToDate', 'OutOfDate'] });
      expect(verdict).toMatchObject({ tcbStatus: 'OutOfDate', advisories: ['INTEL-SA-00000'] });
    },
  );

  test('of another process is not accepted under these roots', async () => {
    const other = await createSimulatedEvidence();
    await expect(verify([], { roots: other.tee.roots })).rejects.toMatchObject({ code: 'ERR_EVIDENCE_ROOT_UNTRUSTED' });
    await expect(verify([], { collateral: other.tee.collateral })).rejects.toMatchObject({
      code: 'ERR_EVIDENCE_CRL_INVALID',
    });
  });
});
