import { NVIDIA_ROOTS } from './nvidia/nvidia-roots.ts';
import { AMD_ROOTS } from './snp/amd-roots.ts';
import { INTEL_ROOTS, type TrustRoots } from './trust-roots.ts';

/** The vendors' own: what an appraisal trusts unless a caller says otherwise. */
export const VENDOR_ROOTS: TrustRoots = Object.freeze({
  intel: INTEL_ROOTS.intel,
  amd: AMD_ROOTS.amd,
  nvidia: NVIDIA_ROOTS,
  simulated: false,
});
