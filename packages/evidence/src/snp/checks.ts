/** Every check of a SEV-SNP report, in the order of the list. */
export const SNP_CHECK_IDS = ['report.format'] as const;

/** The name of a check of a SEV-SNP report. */
export type SnpCheckId = (typeof SNP_CHECK_IDS)[number];
