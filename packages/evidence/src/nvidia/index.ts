export { AppraisalError, type Check } from '../check.ts';
export type { CheckId, EvidenceErrorCode } from '../codes.ts';
export { GPU_REPORT_CHECK_IDS, NRAS_CHECK_IDS } from './checks.ts';
export { type GpuArchitecture, type GpuPolicy, gpuPolicySchema, NRAS_ISSUER } from './gpu-policy.ts';
export { NVIDIA_ROOTS, type NvidiaRoots } from './nvidia-roots.ts';
export type { ReferenceMeasurements } from './spdm/reference-measurements.ts';
export { type GpuMeasurement, type GpuReport, parseGpuReport } from './spdm/parse-gpu-report.ts';
export {
  type GpuReportEvidence,
  type GpuReportVerdict,
  verifyGpuReport,
  type VerifyGpuReportOptions,
} from './spdm/verify-gpu-report.ts';
export type { NrasKeys } from './nras/check-nras-key.ts';
export type { NrasExpectations } from './nras/check-nras-claims.ts';
export {
  type NrasDevice,
  type NrasVerdict,
  verifyNrasToken,
  type VerifyNrasTokenOptions,
} from './nras/verify-nras-token.ts';
export type { GpuCollateral } from './check-gpus.ts';
