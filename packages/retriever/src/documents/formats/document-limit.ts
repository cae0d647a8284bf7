/** What a document may have too much of. */
export type DocumentBound = 'bytes' | 'characters' | 'inflated' | 'memory' | 'pages' | 'time';

/** A document that goes beyond a bound. Says which one, and nothing of the document. */
export class DocumentLimit extends Error {
  readonly bound: DocumentBound;

  /** @param bound what there is too much of */
  constructor(bound: DocumentBound) {
    super(bound);
    this.bound = bound;
  }
}
