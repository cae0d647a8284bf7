import { Buffer } from 'node:buffer';
import type { KeyedWords, StoredPoint } from '@cloister/core';
import type { Schemas } from '@qdrant/js-client-rest';

/** Members of a point's payload. Those that are searched by have an index. */
export const FIELDS = { partition: 'partition', document: 'document', tags: 'tags', cell: 'cell' } as const;

/** What is fetched of a point as long as its text is not looked at. */
export const WITHOUT_TEXT: string[] = [FIELDS.partition, FIELDS.document, FIELDS.tags, 'head', 'vector'];

/** A record as Qdrant keeps it: sealed bytes as base64 (RFC 4648, section 4), keyed names as they are. */
export function toWire(point: StoredPoint): Schemas['PointStruct'] {
  const { id, partition, document, tags, cell, head, payload, vector, prefix, words } = point;
  const sealed = { head: toBase64(head), payload: toBase64(payload), vector: toBase64(vector) };
  return {
    id: toUuid(id),
    vector: { ...(prefix && { prefix: toNumbers(prefix) }), ...(words && { words: toSparse(words) }) },
    payload: { partition, document, tags: [...tags], ...(cell === undefined ? {} : { cell }), ...sealed },
  };
}

/** As Qdrant writes a sparse vector. */
export function toSparse({ indices, values }: KeyedWords): Schemas['SparseVector'] {
  return { indices: [...indices], values: [...values] };
}

/** Seven digits hold what 32 bits do, and take half the room of all that a number prints. */
export function toNumbers(prefix: Float32Array): number[] {
  return Array.from(prefix, (value) => Number(value.toPrecision(7)));
}

/** Whatever a server answers comes out as a point that the retriever can refuse, never as an exception. */
export function fromWire({ id, payload }: Pick<Schemas['Record'], 'id' | 'payload'>): StoredPoint {
  const members = payload ?? {};
  const text = (name: string): string => (typeof members[name] === 'string' ? members[name] : '');
  const tags = members[FIELDS.tags];
  return {
    id: fromUuid(id),
    partition: text(FIELDS.partition),
    document: text(FIELDS.document),
    tags: Array.isArray(tags) ? tags.map(String) : [],
    head: toBytes(text('head')),
    payload: toBytes(text('payload')),
    vector: toBytes(text('vector')),
  };
}

/** What is no base64 gives other bytes than were sealed, and those are refused. */
function toBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function toBase64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** 32 hex digits as Qdrant writes an id that is no number. */
export function toUuid(id: string): string {
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The hex digits of an id; of a number, its digits, which are no id of ours. */
export function fromUuid(id: unknown): string {
  return String(id).replaceAll('-', '');
}
