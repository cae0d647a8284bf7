import type { AppraiseOptions } from './appraise-options.ts';
import { createGpuNonce } from './binding/create-report-data.ts';
import type { EvidenceBundle } from './bundle/evidence-bundle.ts';
import type { Keyset } from './bundle/keyset.ts';
import { CATALOGUES } from './catalogue.ts';
import { checkBinding, checkDeployment, checkKeyset } from './check-bundle.ts';
import { type CpuFindings, checkCpu } from './check-cpu.ts';
import { assertChecks, createCheckList } from './check.ts';
import { createIdentity } from './create-identity.ts';
import { type EnclaveIdentity, mintIdentity, type Verified } from './enclave-identity.ts';
import { checkGpus } from './nvidia/check-gpus.ts';
import { type EvidencePolicy, parseEvidencePolicy } from './policy/evidence-policy.ts';
import { VENDOR_ROOTS } from './vendor-roots.ts';

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
  const { now, nonce } = options;
  const pinned = parseEvidencePolicy(policy);
  const list = createCheckList(CATALOGUES[pinned.tee]);
  const cpu = await checkCpu(list, bundle, pinned, options);
  const nonceRoot = checkBinding(list, bundle, nonce, cpu?.reportData);
  const keyset = checkKeyset(list, bundle, now);
  const ownedUntil = await checkDeployment(list, bundle, pinned, { keyset, now });
  const gpus = await checkGpus(list, {
    gpus: bundle.gpus,
    policy: pinned.gpus,
    nonce: createGpuNonce(nonceRoot ?? nonce),
    now,
    roots: (options.roots ?? VENDOR_ROOTS).nvidia,
    collateral: options.gpuCollateral,
  });
  const checks = assertChecks(list, { complete: true });
  return mintIdentity(
    createIdentity(bundle, pinned, {
      cpu: cpu as CpuFindings,
      gpus,
      keyset: keyset as Keyset,
      checks,
      ownedUntil,
      options,
    }),
  );
}
