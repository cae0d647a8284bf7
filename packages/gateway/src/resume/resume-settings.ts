import { z } from 'zod';

/** How answers are kept for callers whose connection broke. */
export interface ResumeSettings {
  /** Seconds that an answer waits for its caller to come back, 1 to 600. Default 30. */
  readonly seconds?: number;
  /** Most sealed bytes that are kept of one answer. Default 1 MiB. */
  readonly answerBytes?: number;
  /** Most sealed bytes of all answers; beyond, answers are sent and not kept. Default 256 MiB. */
  readonly totalBytes?: number;
}

/** Strict, with every default filled in. */
export const resumeSchema: z.ZodType<Required<ResumeSettings>, unknown> = z.strictObject({
  seconds: z.int().min(1).max(600).default(30),
  answerBytes: z.int().min(65_536).max(67_108_864).default(1_048_576),
  totalBytes: z.int().min(65_536).max(17_179_869_184).default(268_435_456),
});
