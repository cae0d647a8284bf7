/** Checks of one GPU's own report, in their order. */
export const GPU_REPORT_CHECK_IDS = [
  'gpu.report-format',
  'gpu.chain-format',
  'gpu.root',
  'gpu.chain',
  'gpu.validity',
  'gpu.revocation',
  'gpu.arch',
  'gpu.signature',
  'gpu.nonce',
  'gpu.firmware',
  'gpu.driver',
  'gpu.vbios',
  'gpu.references',
  'gpu.measurements',
] as const;

/** Checks of what NVIDIA's remote attestation service says about all GPUs, in their order. */
export const NRAS_CHECK_IDS = [
  'nras.format',
  'nras.root',
  'nras.chain',
  'nras.validity',
  'nras.signature',
  'nras.issuer',
  'nras.time',
  'nras.version',
  'nras.nonce',
  'nras.overall',
  'nras.devices',
  'nras.digest',
  'nras.unique',
  'nras.measurements',
  'nras.secure-boot',
  'nras.debug',
  'nras.report',
  'nras.firmware',
  'nras.certificates',
  'nras.driver-reference',
  'nras.vbios-reference',
  'nras.arch',
  'nras.driver',
  'nras.vbios',
] as const;

/** The name of a check of GPUs. */
export type NvidiaCheckId =
  | 'gpu.evidence'
  | (typeof GPU_REPORT_CHECK_IDS)[number]
  | 'gpu.distinct'
  | (typeof NRAS_CHECK_IDS)[number]
  | 'nras.same-devices';

/** Every check of GPUs in the order of an appraisal's list. */
export const GPU_CHECK_IDS: readonly NvidiaCheckId[] = [
  'gpu.evidence',
  ...GPU_REPORT_CHECK_IDS,
  'gpu.distinct',
  ...NRAS_CHECK_IDS,
  'nras.same-devices',
];
