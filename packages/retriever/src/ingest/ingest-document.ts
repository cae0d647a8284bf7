import { isClassification, lengthPrefixed, sha256, toHex } from '@cloister/core';
import type { Classification } from '@cloister/core';
import { retrieverError } from '../errors.ts';
import { LIMITS } from '../limits.ts';

/** A document to be sealed and stored. Label and groups go to every chunk. */
export interface IngestDocument {
  /** Unique within tenant and collection: 1 to 512 characters. The store never sees it. */
  readonly id: string;
  /** At most 4 Mi UTF-16 units. */
  readonly text: string;
  readonly label: Classification;
  /** Groups of which a reader must hold one: at most 256. An empty list means that nobody can find the document. */
  readonly acl: readonly string[];
}

const MEMBERS: readonly string[] = ['id', 'text', 'label', 'acl'] satisfies (keyof IngestDocument)[];

/**
 * Checks documents strictly: unknown members are refused, groups are sorted and each kept once.
 * @throws CloisterError `ERR_RETRIEVER_DOCUMENT` or `ERR_RETRIEVER_DUPLICATE_DOCUMENT`, the position in `detail.document`
 */
export function parseDocuments(documents: readonly IngestDocument[]): readonly IngestDocument[] {
  if (!Array.isArray(documents) || documents.length > LIMITS.documents) throw retrieverError('ERR_RETRIEVER_DOCUMENT');
  const ids = new Set<string>();
  return documents.map((value: unknown, position) => {
    const detail = { document: position };
    if (!isDocument(value)) throw retrieverError('ERR_RETRIEVER_DOCUMENT', { detail });
    if (ids.has(value.id)) throw retrieverError('ERR_RETRIEVER_DUPLICATE_DOCUMENT', { detail });
    ids.add(value.id);
    return { id: value.id, text: value.text, label: value.label, acl: [...new Set(value.acl)].toSorted() };
  });
}

function isDocument(value: unknown): value is IngestDocument {
  if (typeof value !== 'object' || value === null) return false;
  const { id, text, label, acl } = value as Partial<Record<keyof IngestDocument, unknown>>;
  return (
    Object.keys(value).every((name) => MEMBERS.includes(name)) &&
    isName(id, LIMITS.documentId) &&
    typeof text === 'string' &&
    text.length <= LIMITS.text &&
    text.isWellFormed() &&
    isClassification(label) &&
    Array.isArray(acl) &&
    acl.length <= LIMITS.groups &&
    acl.every((group) => isName(group, LIMITS.group))
  );
}

/** Whether a caller's name for something is usable: well-formed and within a length. */
export function isName(value: unknown, limit: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= limit && value.isWellFormed();
}

/** SHA-256 in hex over all that decides a document's records: equal digests need no second ingestion. */
export function contentDigest({ id, text, label, acl }: IngestDocument, procedure: string): string {
  return toHex(sha256(lengthPrefixed('cloister/content/v1', procedure, id, text, label, ...acl)));
}
