/** One sealed record as an untrusted store sees it: opaque bytes under keyed names (DESIGN 6.4). */
export interface StoredPoint {
  /** Keyed hash of (tenant, collection, document, chunk): 32 hex digits. */
  readonly id: string;
  /** Blind tag of tenant and collection: 32 hex digits. */
  readonly partition: string;
  /** Blind tag of the document, so that all its chunks can be replaced or removed: 32 hex digits. */
  readonly document: string;
  /** Blind tags of the groups that may see the point, each 32 hex digits: a pre-filter, never the decision. */
  readonly tags: readonly string[];
  /** Sealed head: label, ACL, version, digests. */
  readonly head: Uint8Array;
  /** Sealed text. */
  readonly payload: Uint8Array;
  /** Sealed vector. */
  readonly vector: Uint8Array;
  /** 64 obfuscated components of the vector, in the mode `prefix` alone. Not bound: a wrong one only loses the record. */
  readonly prefix?: Float32Array;
  /** In the mode `prefix`, and only where its owner chose that: which words the text has, under keyed numbers. Not bound. */
  readonly words?: KeyedWords;
  /** Blind tag of the bucket that the point lies in, in the mode `cells` alone: 32 hex digits. Need not be given out again. */
  readonly cell?: string;
}

/** Words under keyed numbers (32 bits, rising), with how much each counts: a sparse vector. */
export interface KeyedWords {
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

/** What a search asks of a store. Only keyed names appear in it. */
export interface StoreQuery {
  readonly partition: string;
  /** Points that carry at least one of these tags; absent: every point of the partition. */
  readonly tags?: readonly string[];
  /** Points in one of these buckets; absent: in any. A store that cannot look for them may answer with more. */
  readonly cells?: readonly string[];
  /** `false`: a store may leave `payload` empty, because only heads and vectors are looked at now. */
  readonly texts?: boolean;
}

/** A search by prefixes. */
export interface NearestQuery extends StoreQuery {
  readonly prefix: Float32Array;
  /** The most points to answer with. */
  readonly limit: number;
}

/** A search by keyed words. */
export interface WordQuery extends StoreQuery {
  readonly words: KeyedWords;
  /** The most points to answer with. */
  readonly limit: number;
}

/**
 * The five methods of a store, and two that only the mode `prefix` can use. A store is untrusted by construction: whatever it answers is checked after opening, so an
 * implementation can lose data but cannot leak or forge it.
 */
export interface VectorStore {
  /** Inserts or replaces points by id, durably; resolves to how many were written. */
  put(points: readonly StoredPoint[]): Promise<number>;
  /** The points with these ids that exist in the partition, in any order. */
  get(partition: string, ids: readonly string[]): Promise<readonly StoredPoint[]>;
  /** Streams the points of a query in batches. */
  scan(query: StoreQuery): AsyncIterable<readonly StoredPoint[]>;
  /** Removes all points of a document but those with the ids in `keep`; resolves to how many it removed. */
  deleteDocument(partition: string, document: string, keep?: readonly string[]): Promise<number>;
  /** The points whose prefixes have the smallest Euclidean distance, nearest first, about. */
  nearest?(query: NearestQuery): Promise<readonly StoredPoint[]>;
  /** The points with most words in common, rare ones counting more, best first. Only where keyed words are kept. */
  sharing?(query: WordQuery): Promise<readonly StoredPoint[]>;
  /** Releases files and connections. */
  close(): Promise<void>;
}
