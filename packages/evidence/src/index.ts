export { appraise } from './appraise.ts';
export { type Binding, createGpuNonce, createReportData } from './binding/create-report-data.ts';
export {
  computeNonceRoot,
  createNonceRoot,
  MAX_NONCES,
  type NonceProof,
  type NonceTree,
} from './binding/nonce-root.ts';
export { encodeEvidenceBundle, type EvidenceBundle, parseEvidenceBundle } from './bundle/evidence-bundle.ts';
export { encodeKeyset, type Keyset, MAX_KEYSET_LIFETIME, parseKeyset } from './bundle/keyset.ts';
export { CHECK_IDS } from './catalogue.ts';
export { AppraisalError, type Check } from './check.ts';
export type { CheckId, EvidenceErrorCode } from './codes.ts';
export type { AppraiseOptions, SnpCollateral } from './appraise-options.ts';
export {
  type EnclaveIdentity,
  type EnclaveTcbStatus,
  resolveIdentity,
  type VerdictInput,
  type Verified,
} from './enclave-identity.ts';
export { evidenceError } from './errors.ts';
export {
  digestEvidencePolicy,
  evidencePolicySchema,
  type EvidencePolicy,
  parseEvidencePolicy,
  type CommonPolicy,
  type SnpEvidencePolicy,
  type TdxEvidencePolicy,
} from './policy/evidence-policy.ts';
export { type Pin, PINS } from './tdx/quote-types.ts';
export { type AcceptableTcbStatus, TCB_STATUSES, type TcbStatus } from './tdx/tcb-status.ts';
export type { EventPin, TdxPolicy, TdxTcbPolicy, WorkloadPins } from './tdx/tdx-policy.ts';
export { type DeploymentSignature, encodeSignedDeployment } from './signed-deployment.ts';
export { createVerificationCache, type VerificationCache } from './verification-cache.ts';
export { INTEL_ROOTS, INTEL_SGX_ROOT, type TrustRoots } from './trust-roots.ts';
export { VENDOR_ROOTS } from './vendor-roots.ts';
