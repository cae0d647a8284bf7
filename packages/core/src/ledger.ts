/** One record as the ledger knows it (DESIGN 6.4). Names are keyed hashes, so a ledger learns no more than a store. */
export interface LedgerEntry {
  /** The point: 32 hex digits. */
  readonly id: string;
  /** Blind tag of its document: 32 hex digits. */
  readonly document: string;
  /** Blind tags of the groups that may see it, 32 hex digits each: without them an omission behind a filter is not seen. */
  readonly tags: readonly string[];
  /** Version of the head. */
  readonly version: number;
  /** SHA-256 of the sealed head: 64 hex digits. */
  readonly digest: string;
}

/** What turns one state of a collection into the next. An id stands in one of the lists only. */
export interface LedgerChanges {
  readonly put: readonly LedgerEntry[];
  readonly remove: readonly string[];
}

/** What a ledger holds of a collection besides its entries. */
export interface LedgerState {
  /** Rises by one with every change; 0 for a collection that nobody wrote. */
  readonly sequence: number;
  /** Merkle root over all entries: 64 hex digits. */
  readonly root: string;
  /** Changes that a writer announced and has not settled: until then old and new records are both genuine. */
  readonly intent: LedgerChanges | undefined;
}

/** A state and how to get there. */
export interface LedgerDelta extends LedgerState {
  /** Where `changes` start: the sequence that was asked for, or 0 when they are the whole collection. */
  readonly since: number;
  readonly changes: LedgerChanges;
}

/**
 * Remembers on the trusted side what an untrusted store must answer: without it an old copy of the store looks genuine.
 * Implementations: a local file; a KMS or a witnessed log in clusters. It need not compute a root: whoever reads the
 * entries compares them with it. Heads and epochs of sessions are collections with entries of their own.
 */
export interface Ledger {
  /** The collection's state, with what changed after `since`. A ledger that forgot so old a state gives everything. */
  read(collection: string, since: number): Promise<LedgerDelta>;
  /**
   * Compare-and-set, durably: applies `changes` and replaces root and intent if the collection is still at `sequence`.
   * Resolves to whether it was; the new sequence is `sequence + 1`.
   */
  advance(
    collection: string,
    sequence: number,
    next: Omit<LedgerState, 'sequence'> & { readonly changes: LedgerChanges },
  ): Promise<boolean>;
}
