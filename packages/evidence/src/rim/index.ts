export { AppraisalError } from '../check.ts';
export { NVIDIA_ROOTS } from '../nvidia/nvidia-roots.ts';
export type { ReferenceMeasurements } from '../nvidia/spdm/reference-measurements.ts';
export { RIM_CHECK_IDS } from './checks.ts';
export { verifyReferenceManifest, type VerifyReferenceManifestOptions } from './verify-reference-manifest.ts';
