import * as z from 'zod/mini';

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

const versions = (pattern: RegExp): z.ZodMiniType<readonly string[]> =>
  z.array(z.string().check(z.regex(pattern))).check(z.minLength(1), z.maxLength(64));

/** Schema of the demands; unknown members and empty lists are refused. */
export const gpuPolicySchema: z.ZodMiniType<GpuPolicy> = z.strictObject({
  arch: z.enum(GPU_ARCHITECTURES),
  count: z.int().check(z.minimum(1), z.maximum(16)),
  evidence: z.exactOptional(z.enum(['local', 'remote', 'both'])),
  drivers: versions(/^[0-9][0-9.]{0,31}$/),
  vbios: versions(/^[0-9A-F]{2}(?:\.[0-9A-F]{2}){4}$/),
  revocation: z.exactOptional(z.enum(['require', 'unchecked'])),
  measurements: z.exactOptional(z.enum(['require', 'unchecked'])),
  issuers: z.exactOptional(
    z.array(z.string().check(z.regex(/^https:\/\/[a-z0-9.-]{1,253}$/))).check(z.minLength(1), z.maxLength(8)),
  ),
});
