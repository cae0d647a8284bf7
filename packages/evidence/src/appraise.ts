import type { EvidenceBundle } from './bundle/evidence-bundle.ts';
import type { Keyset } from './bundle/keyset.ts';
import { checkBinding, checkDeployment, checkKeyset, noteUnverified } from './check-bundle.ts';
import { CATALOGUES } from './catalogue.ts';
import { assertChecks, createCheckList } from './check.ts';
import { type AppraiseOptions, createIdentity } from './create-identity.ts';
import { type EnclaveIdentity, mintIdentity, type Verified } from './enclave-identity.ts';
import { type EvidencePolicy, parseEvidencePolicy } from './policy/evidence-policy.ts';
import { checkTdxPolicy } from './tdx/check-tdx-policy.ts';
import { createTdxContext } from './tdx/tdx-context.ts';
import { checkTdxQuote, type TdxVerdict } from './tdx/verify-tdx-quote.ts';
import { INTEL_ROOTS } from './trust-roots.ts';

/**
 * Appraises evidence against a policy (DESIGN 6.1). Pure and deterministic: bundle, policy and options in, verdict out.
 * Every check of the list runs or says why not; one failure refuses.
 * @returns the identity, good until `expiresAt`: the earliest of certificates, revocation lists, collateral, keyset and the
 *   policy's maximum age
 * @throws AppraisalError with the code of the first failed check and the whole list in `checks`;
 *   CloisterError ERR_EVIDENCE_POLICY_INVALID or ERR_EVIDENCE_POLICY_UNPINNED before any check
 */
export async function appraise(
  bundle: EvidenceBundle,
  policy: EvidencePolicy,
  options: AppraiseOptions,
): Promise<Verified<EnclaveIdentity>> {
  const { now, nonce, roots = INTEL_ROOTS } = options;
  const pinned = parseEvidencePolicy(policy);
  const collateral = options.collateral ?? bundle.collateral;
  const list = createCheckList(CATALOGUES[pinned.tee]);
  const { cpu } = bundle;
  const code = cpu.tee === pinned.tee ? 'ERR_EVIDENCE_TEE_UNSUPPORTED' : 'ERR_EVIDENCE_TEE_MISMATCH';
  list.require('cpu.tee', cpu.tee === pinned.tee, code);
  const context = createTdxContext({ list, now, roots, mode: 'strict', cache: options.cache });
  const verdict = cpu.tee === 'tdx' ? await checkTdxQuote(context, cpu.quote, { ...pinned, collateral }) : undefined;
  checkBinding(list, bundle, nonce, verdict?.quote.report.reportData);
  const keyset = checkKeyset(list, bundle, now);
  const ownedUntil = await checkDeployment(list, bundle, pinned, { keyset, now });
  if (verdict !== undefined && cpu.tee === 'tdx') checkTdxPolicy(list, verdict, { ...pinned, eventLog: cpu.eventLog });
  noteUnverified(list, bundle, pinned);
  const checks = assertChecks(list, { complete: true });
  return mintIdentity(
    createIdentity(bundle, pinned, {
      verdict: verdict as TdxVerdict,
      keyset: keyset as Keyset,
      checks,
      ownedUntil,
      collateral,
      options,
    }),
  );
}
