import type { CpuEvidence } from '@cloister/core';
import type { CheckCatalogue } from './check.ts';
import type { BundleCheckId, CheckId } from './codes.ts';
import { COMMON_ERRORS } from './errors.ts';
import { GPU_CHECK_IDS } from './nvidia/checks.ts';
import { NVIDIA_ERRORS } from './nvidia/errors.ts';
import { SNP_CHECK_IDS } from './snp/checks.ts';
import { SNP_ERRORS } from './snp/errors.ts';
import { TDX_CHECK_IDS, TDX_POLICY_CHECK_IDS } from './tdx/checks.ts';
import { TDX_ERRORS } from './tdx/errors.ts';

const BUNDLE_CHECK_IDS: readonly BundleCheckId[] = [
  'binding.nonce',
  'binding.nonce-path',
  'binding.report-data',
  'keyset.format',
  'keyset.validity',
  'pin.deployment',
  'owner.signature',
];
const TDX: readonly CheckId[] = TDX_CHECK_IDS;
const TDX_POLICY: readonly CheckId[] = TDX_POLICY_CHECK_IDS;
const SNP: readonly CheckId[] = SNP_CHECK_IDS;

/** Every check in the order of the list: the processor's, the binding of the parts, what the policy pins, the GPUs'. */
export const CHECK_IDS: readonly CheckId[] = [
  'cpu.tee',
  ...TDX,
  ...SNP,
  ...BUNDLE_CHECK_IDS,
  ...TDX_POLICY,
  ...GPU_CHECK_IDS,
];

const errors: CheckCatalogue['errors'] = { ...COMMON_ERRORS, ...TDX_ERRORS, ...SNP_ERRORS, ...NVIDIA_ERRORS };

/** What an appraisal of evidence of each kind of TEE checks; the verdict names all of it, also what could not run. */
export const CATALOGUES: Readonly<Record<CpuEvidence['tee'], CheckCatalogue>> = {
  tdx: { ids: ['cpu.tee', ...TDX, ...BUNDLE_CHECK_IDS, ...TDX_POLICY, ...GPU_CHECK_IDS], errors },
  'sev-snp': { ids: ['cpu.tee', ...SNP, ...BUNDLE_CHECK_IDS, ...GPU_CHECK_IDS], errors },
};
