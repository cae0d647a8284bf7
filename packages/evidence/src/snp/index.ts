export { AppraisalError, type Check } from '../check.ts';
export type { CheckId, EvidenceErrorCode } from '../codes.ts';
export type { AmdLine, AmdRoot, TrustRoots } from '../trust-roots.ts';
export { AMD_ROOTS } from './amd-roots.ts';
export { SNP_CHECK_IDS } from './checks.ts';
export { digestIdKey } from './digest-id-key.ts';
export { type CertificateTable, collateralOfTable, parseCertificateTable } from './parse-certificate-table.ts';
export { parseSnpReport } from './parse-snp-report.ts';
export type { FirmwareVersion, SnpReport, SnpTcb } from './report-types.ts';
export {
  parseSnpPolicy,
  SNP_PINS,
  type SnpPin,
  type SnpPolicy,
  type SnpTcbFloors,
  type SnpWorkloadPins,
} from './snp-policy.ts';
export { readSnpPlatform, type SnpPlatform } from './read-snp-platform.ts';
export { type SnpVerdict, verifySnpReport, type VerifySnpReportOptions } from './verify-snp-report.ts';
