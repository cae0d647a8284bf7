/** How far one file is. */
export interface ModelProgress {
  readonly file: string;
  /** Where it comes from. */
  readonly source: 'cache' | 'hub' | 'wheel';
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

/** Told about progress; must not throw. */
export type ProgressListener = (progress: ModelProgress) => void;
