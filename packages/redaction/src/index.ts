export { createDetectors, type DetectorOptions } from './detectors/index.ts';
export type { Finding, FoldedDetector, RedactionDetector } from './detector.ts';
export type { RedactionErrorCode } from './errors.ts';
export { createFoldedView, type FoldedView } from './folded-view.ts';
export type { Masked } from './masked.ts';
export { createRedactor, type RedactOptions, type Redaction, type Redactor, type RedactorOptions } from './redactor.ts';
export {
  createRestorer,
  createRestoreStream,
  type RestoreOptions,
  type Restorer,
  type RestoreReport,
} from './restorer.ts';
export { LONGEST_TOKEN } from './token.ts';
export { isDetectionType, DETECTION_TYPES, type DetectionType } from './types.ts';
export { createVault, type Vault, type VaultSummary } from './vault.ts';
