import type { TdxCollateral } from '@cloister/core';
import type { GpuCollateral } from './nvidia/check-gpus.ts';
import type { TrustRoots } from './trust-roots.ts';
import type { VerificationCache } from './verification-cache.ts';

/** What a SEV-SNP report is judged by, from AMD's key distribution service. */
export interface SnpCollateral {
  /** VCEK or VLEK, ASK or ASVK, ARK, DER; preferred to those of the bundle, as the lists are. */
  readonly certs?: readonly Uint8Array[] | undefined;
  /** Revocation lists of the ARK, DER. */
  readonly crls?: readonly Uint8Array[] | undefined;
}

/** What an appraisal needs besides bundle and policy. */
export interface AppraiseOptions {
  /** Verification time, ms since the epoch. */
  readonly now: number;
  /** The nonce that this caller sent, 32 bytes. */
  readonly nonce: Uint8Array;
  /** The vendors' roots unless said. */
  readonly roots?: TrustRoots | undefined;
  /** Where chains, lists and documents that come again are worked out once; the verdict does not depend on it. */
  readonly cache?: VerificationCache | undefined;
  /** Intel's, for a TDX guest: used when the bundle has none, and preferred when it has. */
  readonly collateral?: TdxCollateral | undefined;
  /** NVIDIA's, where the policy names GPUs. */
  readonly gpuCollateral?: GpuCollateral | undefined;
  /** AMD's, for a SEV-SNP guest. */
  readonly snpCollateral?: SnpCollateral | undefined;
}
