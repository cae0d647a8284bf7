import { z } from 'zod';

/** Architectures with evidence of the form that is verified here. */
export const GPU_ARCHITECTURES = ['HOPPER', 'BLACKWELL'] as const;

/** One of them, as NVIDIA writes it. */
export type GpuArchitecture = (typeof GPU_ARCHITECTURES)[number];

/** The service of NVIDIA that issues tokens. */
export const NRAS_ISSUER = 'https://nras.attestation.nvidia.com';

/** What a client demands of the GPUs of a machine. Data, so that it can be written down, hashed and reviewed. */
export interface GpuPolicy {
  readonly arch: GpuArchitecture;
  /** How many, exactly. */
  readonly count: number;
  /** `local` verifies every device's report, `remote` NVIDIA's token about them, `both` (unless said) both. */
  readonly evidence?: 'local' | 'remote' | 'both';
  /** Accepted driver versions, for example `550.90.07`. */
  readonly drivers: readonly string[];
  /** Accepted VBIOS versions, for example `96.00.9F.00.01`. */
  readonly vbios: readonly string[];
  /**
   * Whether nobody may have revoked the certificates of a local report and of its references. `require` (unless said) asks
   * `local` alone for OCSP responses in the collateral; otherwise the token of the attestation service holds the answer.
   */
  readonly revocation?: 'require' | 'unchecked';
  /** Whether a local report must agree with verified reference measurements; `require` unless the token says it. */
  readonly measurements?: 'require' | 'unchecked';
  /** Accepted issuers of tokens; NVIDIA's service unless said. */
  readonly issuers?: readonly string[];
}

const versions = (pattern: RegExp): z.ZodType<readonly string[]> => z.array(z.string().regex(pattern)).min(1).max(64);

/** Schema of the demands; unknown members and empty lists are refused. */
export const gpuPolicySchema: z.ZodType<GpuPolicy> = z.strictObject({
  arch: z.enum(GPU_ARCHITECTURES),
  count: z.int().min(1).max(16),
  evidence: z.enum(['local', 'remote', 'both']).exactOptional(),
  drivers: versions(/^[0-9][0-9.]{0,31}$/),
  vbios: versions(/^[0-9A-F]{2}(?:\.[0-9A-F]{2}){4}$/),
  revocation: z.enum(['require', 'unchecked']).exactOptional(),
  measurements: z.enum(['require', 'unchecked']).exactOptional(),
  issuers: z
    .array(z.string().regex(/^https:\/\/[a-z0-9.-]{1,253}$/))
    .min(1)
    .max(8)
    .exactOptional(),
});
