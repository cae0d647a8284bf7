import type { Classification, Detection } from '@cloister/core';
import type { Masked } from './masked.ts';
import type { DetectionType } from './types.ts';
import type { Vault } from './vault/vault-types.ts';

/** Where a text comes from and where its values go. */
export interface RedactOptions {
  /** The session's vault; a new one unless given. */
  readonly vault?: Vault;
  /** The class of the source; its values are restored only to a clearance that covers it. */
  readonly label?: Classification;
  /** An id of the source that may stand in reports. */
  readonly source?: string;
  /** Types to replace in this text, among those of the redactor; all of them unless given. */
  readonly types?: readonly DetectionType[];
}

/** A text with its personal data replaced. */
export interface Redaction {
  readonly text: Masked;
  /** The vault that was given, or a new one: close it when the last answer is restored. */
  readonly vault: Vault;
  /** What was replaced: UTF-16 offsets into the input, in order, without overlaps. */
  readonly detections: readonly Detection[];
  /** Detections by type; types without one are absent. */
  readonly counts: Partial<Readonly<Record<DetectionType, number>>>;
  /** Of these, the ones that stand beside their keyword but fail the check of their type; types without one are absent. */
  readonly unverified: Partial<Readonly<Record<DetectionType, number>>>;
  /**
   * Ids of the detectors that ran: `built-in` for the rules, then those that were added. Without a model among them, names that
   * rules do not tell stay in clear.
   */
  readonly detectors: readonly string[];
  /** Look-alike tokens of the input that were made inert. */
  readonly escaped: number;
}
