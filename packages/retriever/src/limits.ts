/** Bounds of everything that comes from outside: a caller or an untrusted store. */
export const LIMITS = {
  /** UTF-16 units of a document id. */
  documentId: 512,
  /** UTF-16 units of a document's text. */
  text: 4_194_304,
  /** Headings of a document. */
  headings: 10_000,
  /** UTF-16 units of a question. */
  question: 32_768,
  /** Groups of one document, and characters of a group's name. */
  groups: 256,
  group: 256,
  /** Bytes of a collection's name in UTF-8. */
  collection: 256,
  /** Documents of one call. */
  documents: 1_000_000,
  /** Bytes of a sealed head, payload and vector. */
  head: 524_288,
  payload: 262_144,
  vector: 65_536,
  /** Results of one search. */
  results: 1000,
} as const;
