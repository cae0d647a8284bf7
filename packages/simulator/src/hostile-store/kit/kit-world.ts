import type { HostileBehaviour } from '../behaviours.ts';

/** What one search gave. */
export interface KitAnswer {
  /** The texts found, each exactly as it was written. */
  readonly texts: readonly string[];
  /** How many records the system says it did not believe; 0 for a system that cannot say so. */
  readonly refused: number;
}

/**
 * Somebody who must see the own documents and nobody else's: a tenant, or a group within one. Errors are fine everywhere:
 * they count as found out.
 */
export interface KitCaller {
  /** Writes a document, or replaces it. Its text is one short sentence. */
  write(id: string, text: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Finds documents by a question that fits all of them: as many as there are, at least 50. */
  search(question: string): Promise<KitAnswer>;
  /** Who gets documents by `handOver`: a place in `KitWorld.callers`. */
  readonly peer?: number;
  /** From now on the peer finds the document, and this caller no longer does. Left out where there are no groups. */
  handOver?(id: string): Promise<void>;
}

/** A system under test over an empty store that can be made to lie. */
export interface KitWorld {
  /** At least two. Documents of all of them lie in the same store. */
  readonly callers: readonly KitCaller[];
  /** Makes the store below lie from now on: `createHostileStore(…).behave`, or `behave` of the Qdrant stand-in. */
  behave(behaviour: HostileBehaviour): void;
  close(): Promise<void>;
}
