import { sha256Hex, utf8 } from '@cloister/core';
import type { RandomSource, StoredPoint } from '@cloister/core';
import { sealEnvelope } from './envelope.ts';
import { encodeRecordHead } from './record-head.ts';
import type { RecordAccess, RecordHead } from './record-head.ts';
import type { CollectionKeys } from './record-keys.ts';
import { documentTag, pointId, tagSet } from './record-names.ts';

/** One chunk in clear, before it is sealed. */
export interface PlainRecord extends Omit<RecordHead, 'tags' | 'payload' | 'vector' | 'sealed'> {
  readonly text: string;
  readonly values: Float32Array;
}

/** A record as the store may see it, with the head that is sealed in it. */
export interface SealedRecord {
  readonly point: StoredPoint;
  readonly head: RecordHead;
  /** SHA-256 of the sealed head in hex. */
  readonly digest: string;
}

/** Seals one chunk into the record that the store may see (DESIGN 6.4). */
export function sealRecord(keys: CollectionKeys, record: PlainRecord, random: RandomSource): SealedRecord {
  const { text, values, ...rest } = record;
  return sealFields(
    keys,
    { ...rest, sealed: rest.version },
    { text: utf8(text), vector: encodeVector(values) },
    random,
  );
}

/** What a record's payload and vector hold. */
export interface OpenedFields {
  readonly text: Uint8Array;
  /** 32-bit little-endian floats. */
  readonly vector: Uint8Array;
}

/**
 * Seals the fields of a record that was opened under an older key with the newest one. Id and version stay, and every
 * byte of text and vector: nothing is computed from them.
 */
export function sealFields(
  keys: CollectionKeys,
  head: Omit<RecordHead, 'tags' | 'payload' | 'vector'>,
  { text, vector }: OpenedFields,
  random: RandomSource,
): SealedRecord {
  const point = pointId(keys, head.document, head.chunk);
  const { sealed: version } = head;
  const payload = sealEnvelope(keys, { point, field: 'payload', version }, text, random);
  const sealed = { payload, vector: sealEnvelope(keys, { point, field: 'vector', version }, vector, random) };
  return sealHead(keys, point, head, sealed, random);
}

/** Bytes that are drawn at once. */
const DRAWN = 24 * 3 * 32;

/** A source for the nonces of one write: asking for randomness costs more than the randomness. Never for keys: nothing is zeroed. */
export function createNonces(random: RandomSource): RandomSource {
  let drawn: Uint8Array = new Uint8Array(0);
  let used = 0;
  return (length) => {
    if (used + length > drawn.length) [drawn, used] = [random(Math.max(DRAWN, length)), 0];
    return drawn.subarray(used, (used += length));
  };
}

/** Seals the head alone for another place among the cells. The version stays: nothing that a reader sees has changed. */
export function changeCells(
  keys: CollectionKeys,
  { id, payload, vector }: StoredPoint,
  head: RecordHead,
  cells: readonly string[],
  random: RandomSource,
): SealedRecord {
  return sealHead(keys, id, { ...head, cells }, { payload, vector }, random);
}

/** Seals the head alone with other access: payload and vector stay as they are, byte for byte. */
export function changeAccess(
  keys: CollectionKeys,
  { id, payload, vector }: StoredPoint,
  head: RecordHead,
  access: RecordAccess & Pick<RecordHead, 'cells' | 'version'>,
  random: RandomSource,
): SealedRecord {
  const { label, acl, compartments, retention, cells, version } = access;
  const changed = { ...head, label, acl, compartments, retention, cells, version };
  return sealHead(keys, id, changed, { payload, vector }, random);
}

function sealHead(
  keys: CollectionKeys,
  id: string,
  rest: Omit<RecordHead, 'tags' | 'payload' | 'vector'>,
  { payload, vector }: Pick<StoredPoint, 'payload' | 'vector'>,
  random: RandomSource,
): SealedRecord {
  const { tags, digest } = tagSet(keys, rest.acl);
  const head: RecordHead = {
    ...rest,
    tags: digest,
    payload: sha256Hex(payload),
    vector: sha256Hex(vector),
  };
  const sealed = sealEnvelope(keys, { point: id, field: 'head', version: 0 }, encodeRecordHead(head), random);
  const document = documentTag(keys, rest.document);
  const [, cell] = rest.cells;
  const stored = { id, partition: keys.partition, document, tags, head: sealed, payload, vector };
  const point = cell === undefined ? stored : { ...stored, cell };
  return { point, head, digest: sha256Hex(sealed) };
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** 32-bit little-endian floats: the very memory wherever that is how it lies. */
export function encodeVector(values: Float32Array): Uint8Array {
  if (LITTLE_ENDIAN) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (let index = 0; index < values.length; index++) view.setFloat32(index * 4, values[index] as number, true);
  return new Uint8Array(view.buffer);
}

/** The floats of an encoded vector: its very memory where that is aligned and of this order. */
export function decodeVector(bytes: Uint8Array): Float32Array {
  if (LITTLE_ENDIAN && bytes.byteOffset % 4 === 0) {
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true));
}
