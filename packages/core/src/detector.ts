/** A piece of text that should not travel in clear: UTF-16 offsets `[start, end)` into the original. */
export interface Detection {
  /** A type of the published list, for example `EMAIL`. */
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** Confidence in [0, 1]. */
  readonly score: number;
  /** Whether a checksum or range rule confirmed the value. */
  readonly verified: boolean;
}

/** Finds personal data or secrets in a text. */
export interface Detector {
  readonly id: string;
  /** Detections in any order; they may overlap. */
  detect(text: string): readonly Detection[] | Promise<readonly Detection[]>;
}
