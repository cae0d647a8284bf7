/** Every check of a GPU, in the order of the list. */
export const NVIDIA_CHECK_IDS = ['gpu.evidence'] as const;

/** The name of a check of a GPU. */
export type NvidiaCheckId = (typeof NVIDIA_CHECK_IDS)[number];
