import type { ErrorDescription } from '@cloister/core';

/** What a SEV-SNP report can be refused for. */
export type SnpErrorCode = 'ERR_EVIDENCE_SNP_REPORT_MALFORMED';

/** Message and fix of the codes above. Messages are static: they hold nothing of the evidence. */
export const SNP_ERRORS: Readonly<Record<SnpErrorCode, ErrorDescription>> = {
  ERR_EVIDENCE_SNP_REPORT_MALFORMED: {
    message: 'The report does not have the form of a SEV-SNP report.',
    fix: 'Check the evidence provider of the guest; the bytes are cut, padded or not a report.',
  },
};
