import type { SealedRecord } from '../record/seal-record.ts';

/** A record that is to be written, before it is known where among the cells it lies. */
export interface RecordDraft {
  /** Of its point. */
  readonly id: string;
  /** Its vector; `undefined` where that has not changed. */
  readonly values: Float32Array | undefined;
  /** Seals it. @param cells blind tags of cell and bucket in the mode `cells`, else none */
  seal(cells: readonly string[]): SealedRecord;
}

/** What one write puts into the store. */
export interface RecordWrite {
  /** The drafts, sealed, in their order. */
  readonly records: readonly SealedRecord[];
  /** Other records that change their place among the cells with it. */
  readonly moved: readonly SealedRecord[];
}
