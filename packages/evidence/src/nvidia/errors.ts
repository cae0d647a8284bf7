import type { ErrorDescription } from '@cloister/core';

/** What a GPU can be refused for. */
export type NvidiaErrorCode = 'ERR_EVIDENCE_GPU_UNSUPPORTED';

/** Message and fix of the codes above. Messages are static: they hold nothing of the evidence. */
export const NVIDIA_ERRORS: Readonly<Record<NvidiaErrorCode, ErrorDescription>> = {
  ERR_EVIDENCE_GPU_UNSUPPORTED: {
    message: 'The policy asks for GPU evidence, which cannot be verified yet.',
    fix: 'Remove `gpus` from the policy and treat the GPU as vouched for by measured code only.',
  },
};
