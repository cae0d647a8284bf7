import { concat, lengthPrefixed, sha256, toHex, utf8 } from '@cloister/core';
import type { AppraiseOptions } from './appraise-options.ts';
import { encodeEvidenceBundle, type EvidenceBundle } from './bundle/evidence-bundle.ts';
import { type Keyset, MAX_KEYSET_LIFETIME } from './bundle/keyset.ts';
import type { CpuFindings } from './check-cpu.ts';
import type { GpuFindings } from './nvidia/check-gpus.ts';
import { nameInputs } from './name-inputs.ts';
import type { EnclaveIdentity } from './enclave-identity.ts';
import { digestEvidencePolicy, type EvidencePolicy } from './policy/evidence-policy.ts';

const DEFAULT_MAX_AGE = 3_600_000;

/** Identity digest (DESIGN 6.6): TEE, measurement of the image, workload, deployment. */
function digestIdentity(
  tee: string,
  { measurement, workload, simulated }: CpuFindings,
  deployment: Uint8Array,
): Uint8Array {
  return sha256(
    concat(
      utf8('cloister/identity/v1'),
      lengthPrefixed(simulated ? `${tee}/simulated` : tee, measurement, workload, deployment),
    ),
  );
}

/** What the checks of an appraisal found. */
export interface Findings {
  readonly cpu: CpuFindings;
  readonly gpus: GpuFindings;
  readonly keyset: Keyset;
  readonly checks: EnclaveIdentity['checks'];
  /** Last moment at which the owner's word for the deployment holds, ms since the epoch. */
  readonly ownedUntil: number;
  readonly options: AppraiseOptions;
}

/** The identity that an appraisal without failures established (DESIGN 6.1, 6.6). */
export function createIdentity(
  bundle: EvidenceBundle,
  policy: EvidencePolicy,
  { cpu, gpus, keyset, checks, ownedUntil, options }: Findings,
): EnclaveIdentity {
  const { now } = options;
  const policyDigest = digestEvidencePolicy(policy);
  const evidenceDigest = sha256(utf8(encodeEvidenceBundle(bundle)));
  const inputs = [
    ...nameInputs(bundle, options),
    { name: 'bundle', sha256: toHex(evidenceDigest) },
    { name: 'policy', sha256: toHex(policyDigest) },
  ];
  const ends = [
    cpu.expiresAt,
    gpus.expiresAt,
    keyset.notAfter,
    ownedUntil,
    now + MAX_KEYSET_LIFETIME,
    now + (policy.maxAge ?? DEFAULT_MAX_AGE),
  ];
  return {
    tee: bundle.cpu.tee,
    simulated: cpu.simulated || gpus.simulated,
    tcbStatus: cpu.tcbStatus,
    advisories: Object.freeze(cpu.advisories),
    measurements: cpu.measurements,
    workload: toHex(cpu.workload),
    gpus: policy.gpus?.count ?? 0,
    deployment: toHex(keyset.deployment),
    digest: digestIdentity(bundle.cpu.tee, cpu, keyset.deployment),
    keyset: Object.freeze(keyset),
    keysetDigest: sha256(bundle.keyset),
    evidenceDigest,
    policyDigest,
    checks,
    inputs: Object.freeze(inputs.map((input) => Object.freeze(input))),
    appraisedAt: now,
    expiresAt: Math.min(...ends),
  };
}
