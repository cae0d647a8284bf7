import { createErrors } from '@cloister/core';
import type { CloisterError, ErrorOccurrence } from '@cloister/core';

/** Why one stored record was refused. These are also the names of the counts in a search report. */
export const REFUSAL_CODES = [
  'ERR_RETRIEVER_RECORD_MALFORMED',
  'ERR_RETRIEVER_RECORD_FOREIGN',
  'ERR_RETRIEVER_RECORD_TAMPERED',
  'ERR_RETRIEVER_RECORD_DUPLICATE',
  'ERR_RETRIEVER_RECORD_UNASKED',
  'ERR_RETRIEVER_RECORD_STALE',
  'ERR_RETRIEVER_RECORD_MISSING',
  'ERR_RETRIEVER_RECORD_UNACKNOWLEDGED',
] as const;

/** A code of `REFUSAL_CODES`. */
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** What this package throws or counts. */
export type RetrieverErrorCode =
  | RefusalCode
  | 'ERR_RETRIEVER_TAMPERED'
  | 'ERR_RETRIEVER_OPTIONS'
  | 'ERR_RETRIEVER_MODE_UNSUPPORTED'
  | 'ERR_RETRIEVER_DOCUMENT'
  | 'ERR_RETRIEVER_DUPLICATE_DOCUMENT'
  | 'ERR_RETRIEVER_UNREADABLE'
  | 'ERR_RETRIEVER_BEYOND_BOUND'
  | 'ERR_RETRIEVER_LIBRARY'
  | 'ERR_RETRIEVER_QUESTION'
  | 'ERR_RETRIEVER_EMBEDDER'
  | 'ERR_RETRIEVER_TOO_LARGE'
  | 'ERR_RETRIEVER_CLOSED'
  | 'ERR_RETRIEVER_STORE_LOST'
  | 'ERR_RETRIEVER_CONTENDED'
  | 'ERR_RETRIEVER_STORE_OPEN'
  | 'ERR_RETRIEVER_STORE_CORRUPT'
  | 'ERR_RETRIEVER_STORE_CLOSED'
  | 'ERR_RETRIEVER_STORE_FAILED';

/** Makes an error of this package; the texts never quote documents, questions or what a store answered. */
export const retrieverError: (
  code: RetrieverErrorCode,
  occurrence?: ErrorOccurrence,
) => CloisterError<RetrieverErrorCode> = createErrors<RetrieverErrorCode>({
  ERR_RETRIEVER_RECORD_MALFORMED: {
    message: 'A stored record does not have the form of a sealed record.',
    fix: 'Ingest its document again, and find out who else writes to the store.',
  },
  ERR_RETRIEVER_RECORD_FOREIGN: {
    message: 'The store answered with a record of another tenant, collection or key.',
    fix: 'Repair the filters of the store; the record was not opened.',
  },
  ERR_RETRIEVER_RECORD_TAMPERED: {
    message: 'A stored record was changed or moved after it was sealed.',
    fix: 'Restore the store from a copy or ingest the documents again, and find out who else writes to it.',
  },
  ERR_RETRIEVER_RECORD_DUPLICATE: {
    message: 'The store answered with one record twice.',
    fix: 'Check the store: a record id must exist once.',
  },
  ERR_RETRIEVER_RECORD_UNASKED: {
    message: 'The store answered with a genuine record that was not asked for.',
    fix: 'Check the filters of the store and whether somebody sits in front of it; the record was not looked at.',
  },
  ERR_RETRIEVER_RECORD_STALE: {
    message: 'The store answered with an older version of a record than the one that counts.',
    fix: 'Check whether the store was rolled back, then ingest the documents again.',
  },
  ERR_RETRIEVER_RECORD_MISSING: {
    message: 'The store did not give out a record that it must hold.',
    fix: 'Check the store; ingest the documents again if the record is lost.',
  },
  ERR_RETRIEVER_RECORD_UNACKNOWLEDGED: {
    message: 'The store answered with a record that the ledger does not know: removed, never acknowledged, or a fork.',
    fix: 'Check whether the store was restored or written by somebody else, then ingest or remove the document again.',
  },
  ERR_RETRIEVER_TAMPERED: {
    message: 'The search was refused because the store answered with records that must not be believed.',
    fix: "Look at `detail` for the counts by reason and repair the store, or create the retriever with onTampered: 'skip'.",
  },
  ERR_RETRIEVER_OPTIONS: {
    message: 'An option of the retriever has no valid value.',
    fix: 'Correct the option named by the subject; options that are not documented are refused.',
  },
  ERR_RETRIEVER_MODE_UNSUPPORTED: {
    message: 'This search mode is not available.',
    fix: "Use 'sealed', 'cells' or 'plain', or with a store that keeps prefixes 'prefix'.",
  },
  ERR_RETRIEVER_DOCUMENT: {
    message: 'A document is not valid.',
    fix: 'Give id, text, label and acl within the documented bounds; `detail.document` is its position.',
  },
  ERR_RETRIEVER_DUPLICATE_DOCUMENT: {
    message: 'One call names the same document twice.',
    fix: 'Give each document id once; `detail.document` is the position of the second one.',
  },
  ERR_RETRIEVER_UNREADABLE: {
    message: 'A document is not of the type that it was said to be, or it is encrypted or broken.',
    fix: 'Open it with the program that it belongs to, save it anew without a password, and check `type`.',
  },
  ERR_RETRIEVER_BEYOND_BOUND: {
    message: 'A document goes beyond a bound of the reader.',
    fix: 'Look at the document; if it is what it should be, raise the bound that the subject names.',
  },
  ERR_RETRIEVER_LIBRARY: {
    message: 'The library that reads this is not installed.',
    fix: 'Install the optional peers of @cloister/retriever that its README names for the subject.',
  },
  ERR_RETRIEVER_QUESTION: {
    message: 'The question is not a text within the documented bounds.',
    fix: 'Send a well-formed text of at most 32,768 characters.',
  },
  ERR_RETRIEVER_EMBEDDER: {
    message: 'The embedder did not give one finite vector of its declared length per text.',
    fix: 'Check the embedder: its `dimensions` must be the length of every vector; `detail.status` is what an endpoint answered.',
  },
  ERR_RETRIEVER_TOO_LARGE: {
    message: 'The collection holds more than may be opened into memory.',
    fix: 'Split the collection, or raise `maxArenaBytes`.',
  },
  ERR_RETRIEVER_CLOSED: {
    message: 'The retriever is closed.',
    fix: 'Create a new retriever.',
  },
  ERR_RETRIEVER_STORE_LOST: {
    message: 'The store acknowledged fewer records than it was given.',
    fix: 'Check the store and ingest again: documents that are already stored are skipped.',
    retryable: true,
  },
  ERR_RETRIEVER_CONTENDED: {
    message: 'Other processes kept writing to the collection in between.',
    fix: 'Try again; let one process write to a collection at a time if it happens often.',
    retryable: true,
  },
  ERR_RETRIEVER_STORE_OPEN: {
    message: 'The database cannot be opened.',
    fix: 'Check that the file or collection is one of this kind and can be written, and that the server is of a supported version.',
  },
  ERR_RETRIEVER_STORE_CORRUPT: {
    message: 'The database file fails its integrity check.',
    fix: 'Restore the file from a copy, or remove it and ingest again.',
  },
  ERR_RETRIEVER_STORE_CLOSED: {
    message: 'The store is closed.',
    fix: 'Open the store again before using it.',
  },
  ERR_RETRIEVER_STORE_FAILED: {
    message: 'The database refused an operation.',
    fix: 'Check free space, permissions and the server; `detail` holds the result code of SQLite or the status of HTTP.',
    retryable: true,
  },
});
