import { type CloisterError, createErrors, type ErrorDescription, type ErrorOccurrence } from '@cloister/core';

/** What a reference manifest can be refused for, besides its certificates. */
export type RimErrorCode = 'ERR_EVIDENCE_RIM_MALFORMED' | 'ERR_EVIDENCE_RIM_DIGEST' | 'ERR_EVIDENCE_RIM_SIGNATURE';

const REFETCH = "Fetch the file again from NVIDIA's service and pass it on unchanged.";

/** Message and fix of the codes above. Messages are static: they hold nothing of the file. */
export const RIM_ERRORS: Readonly<Record<RimErrorCode, ErrorDescription>> = {
  ERR_EVIDENCE_RIM_MALFORMED: {
    message:
      'The reference manifest does not have the one accepted form: signed once, as a whole, without a document type.',
    fix: REFETCH,
  },
  ERR_EVIDENCE_RIM_DIGEST: { message: 'The reference manifest is not the text that was signed.', fix: REFETCH },
  ERR_EVIDENCE_RIM_SIGNATURE: {
    message: 'The reference manifest was not signed by the key of its certificate.',
    fix: REFETCH,
  },
};

/** Makes an error about a reference manifest from its code. */
export const rimError: (code: RimErrorCode, occurrence?: ErrorOccurrence) => CloisterError<RimErrorCode> =
  createErrors<RimErrorCode>(RIM_ERRORS);
