/** One finished step of an exchange, without content. */
export interface ClientTrace {
  /**
   * `evidence`: fetched; `appraise`: verdict reached; `seal`: request sealed; `answer`: sealed head of the answer opened;
   * `body`: answer read to its end and receipt verified.
   */
  readonly step: 'evidence' | 'appraise' | 'seal' | 'answer' | 'body';
  readonly milliseconds: number;
  /** Bytes on the wire in this step: evidence received, sealed request sent, content of the answer opened. */
  readonly bytes: number;
}

/** Told every finished step. */
export type TraceListener = (trace: ClientTrace) => void;
