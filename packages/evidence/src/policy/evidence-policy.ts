import { canonicalJson, sha256 } from '@cloister/core';
import * as z from 'zod/mini';
import { evidenceError } from '../errors.ts';
import { type GpuPolicy, gpuPolicySchema } from '../nvidia/gpu-policy.ts';
import { pinsSnpWorkload, type SnpPolicy, snpPolicyMembers } from '../snp/snp-policy.ts';
import { pinsTdxWorkload, type TdxPolicy, tdxPolicyMembers } from '../tdx/tdx-policy.ts';

/** What a client demands of every enclave, whichever TEE it runs in. */
export interface CommonPolicy {
  /** SHA-256 of the gateway's canonical effective configuration, hex. This or `owner` has to be there. */
  readonly deployment?: string;
  /** Ed25519 public key, 32 bytes in hex, whose signature over the deployment digest the bundle has to hold. */
  readonly owner?: string;
  /** How long a verdict may be used, ms; one hour unless said, at most 24. */
  readonly maxAge?: number;
  /** GPUs whose evidence must verify. */
  readonly gpus?: GpuPolicy;
}

/** What a client demands of a TDX guest. */
export interface TdxEvidencePolicy extends CommonPolicy, TdxPolicy {
  readonly tee: 'tdx';
}

/** What a client demands of a SEV-SNP guest. */
export interface SnpEvidencePolicy extends CommonPolicy, SnpPolicy {
  readonly tee: 'sev-snp';
}

/** What a client demands of an enclave. Data, so that it can be written down, hashed and reviewed. */
export type EvidencePolicy = TdxEvidencePolicy | SnpEvidencePolicy;

const hex = (bytes: number): z.ZodMiniType<string> => z.string().check(z.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)));
const common = {
  deployment: z.exactOptional(hex(32)),
  owner: z.exactOptional(hex(32)),
  maxAge: z.exactOptional(z.int().check(z.minimum(1000), z.maximum(86_400_000))),
  gpus: z.exactOptional(gpuPolicySchema),
};

const formSchema: z.ZodMiniType<EvidencePolicy> = z.discriminatedUnion('tee', [
  z.strictObject({ tee: z.literal('tdx'), ...common, ...tdxPolicyMembers }),
  z.strictObject({ tee: z.literal('sev-snp'), ...common, ...snpPolicyMembers }),
]);

function isPinned(policy: EvidencePolicy): boolean {
  const pinsWorkload = policy.tee === 'tdx' ? pinsTdxWorkload(policy) : pinsSnpWorkload(policy);
  return pinsWorkload && (policy.deployment !== undefined || policy.owner !== undefined);
}

/** Schema of a policy, for those who keep it inside a larger one; it refuses what `parseEvidencePolicy` refuses. */
export const evidencePolicySchema: z.ZodMiniType<EvidencePolicy> = formSchema.check(z.refine(isPinned));

/**
 * Parses a policy, strictly: unknown members are refused, and so is a policy that does not pin workload and deployment.
 * @throws CloisterError ERR_EVIDENCE_POLICY_INVALID or ERR_EVIDENCE_POLICY_UNPINNED
 */
export function parseEvidencePolicy(value: unknown): EvidencePolicy {
  const result = formSchema.safeParse(value);
  if (!result.success) throw evidenceError('ERR_EVIDENCE_POLICY_INVALID');
  if (!isPinned(result.data)) throw evidenceError('ERR_EVIDENCE_POLICY_UNPINNED');
  return result.data;
}

/** SHA-256 of the policy's canonical JSON, 32 bytes. */
export function digestEvidencePolicy(policy: EvidencePolicy): Uint8Array {
  return sha256(canonicalJson(policy));
}
