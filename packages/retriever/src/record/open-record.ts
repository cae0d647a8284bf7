import { fromUtf8, sha256Hex } from '@cloister/core';
import type { StoredPoint } from '@cloister/core';
import type { RefusalCode } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { openEnvelope } from './envelope.ts';
import { parseRecordHead } from './record-head.ts';
import type { RecordHead } from './record-head.ts';
import type { CollectionKeys } from './record-keys.ts';
import { documentTag, equalTags, tagSet } from './record-names.ts';

/** A record whose head opened and whose sealed parts are the ones that the head names. */
export interface OpenedHead {
  readonly head: RecordHead;
  /** SHA-256 of the sealed head in hex: tells two versions of a record apart. */
  readonly digest: string;
  /** Blind tags of its groups, sorted: they are the ones that the store gave. */
  readonly tags: readonly string[];
}

const NAME = /^[0-9a-f]{32}$/;

/**
 * Checks one record that an untrusted store gave out, as far as its head: shape, partition, AEAD (which binds the head to
 * this id), that it belongs to this document and these tags, and that payload and vector are the ones it was sealed with.
 * @param withText `false` where the text is not looked at: it may be left out then, and is checked when it is fetched
 * @returns the head, or why the record is refused; never throws
 */
export function openHead(keys: CollectionKeys, point: StoredPoint, withText = true): OpenedHead | RefusalCode {
  if (!isStoredPoint(point)) return 'ERR_RETRIEVER_RECORD_MALFORMED';
  if (point.partition !== keys.partition) return 'ERR_RETRIEVER_RECORD_FOREIGN';
  const plaintext = openEnvelope(keys, { point: point.id, field: 'head', version: 0 }, point.head);
  if (typeof plaintext === 'string') return plaintext;
  const head = parseRecordHead(plaintext);
  if (head === undefined) return 'ERR_RETRIEVER_RECORD_MALFORMED';
  const { tags, digest } = tagSet(keys, head.acl);
  const bound =
    documentTag(keys, head.document) === point.document &&
    // The head binds the tags, so that no store can edit its own filter.
    digest === head.tags &&
    equalTags(tags, point.tags) &&
    ((!withText && point.payload.length === 0) || sha256Hex(point.payload) === head.payload) &&
    sha256Hex(point.vector) === head.vector;
  return bound ? { head, digest: sha256Hex(point.head), tags } : 'ERR_RETRIEVER_RECORD_TAMPERED';
}

/** Opens the text of a record whose head opened, as the bytes that were sealed. */
export function openPayload(
  keys: CollectionKeys,
  point: StoredPoint,
  { sealed }: RecordHead,
): Uint8Array | RefusalCode {
  return openEnvelope(keys, { point: point.id, field: 'payload', version: sealed }, point.payload);
}

/** Opens the text of a record whose head opened. */
export function openText(
  keys: CollectionKeys,
  point: StoredPoint,
  head: RecordHead,
): { readonly text: string } | RefusalCode {
  const plaintext = openPayload(keys, point, head);
  if (typeof plaintext === 'string') return plaintext;
  try {
    return { text: fromUtf8(plaintext) };
  } catch {
    return 'ERR_RETRIEVER_RECORD_MALFORMED';
  }
}

/** Opens the vector of a record whose head opened: 32-bit little-endian floats. */
export function openVector(keys: CollectionKeys, point: StoredPoint, { sealed }: RecordHead): Uint8Array | RefusalCode {
  return openEnvelope(keys, { point: point.id, field: 'vector', version: sealed }, point.vector);
}

/** Whether a store's answer has the shape of a record and its bounds: the store is untrusted, so its types are too. */
export function isStoredPoint(point: unknown): point is StoredPoint {
  if (typeof point !== 'object' || point === null) return false;
  const { id, partition, document, tags, head, payload, vector } = point as Partial<Record<keyof StoredPoint, unknown>>;
  return (
    [id, partition, document].every(isName) &&
    Array.isArray(tags) &&
    tags.length <= LIMITS.groups &&
    tags.every(isName) &&
    isBytes(head, LIMITS.head) &&
    isBytes(payload, LIMITS.payload) &&
    isBytes(vector, LIMITS.vector)
  );
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && NAME.test(value);
}

/** Whether a store's answer is bytes, at most so many. */
export function isBytes(value: unknown, limit: number): boolean {
  return value instanceof Uint8Array && value.length <= limit;
}
