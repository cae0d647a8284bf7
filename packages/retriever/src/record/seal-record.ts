import { sha256, toHex, utf8 } from '@cloister/core';
import type { RandomSource, StoredPoint } from '@cloister/core';
import { sealEnvelope } from './envelope.ts';
import { encodeRecordHead } from './record-head.ts';
import type { RecordHead } from './record-head.ts';
import type { CollectionKeys } from './record-keys.ts';
import { documentTag, groupTags, pointId, tagsDigest } from './record-names.ts';

/** One chunk in clear, before it is sealed. */
export interface PlainRecord extends Omit<RecordHead, 'tags' | 'payload' | 'vector'> {
  readonly text: string;
  readonly values: Float32Array;
}

/** Seals one chunk into the record that the store may see (DESIGN 6.4). */
export function sealRecord(keys: CollectionKeys, record: PlainRecord, random: RandomSource): StoredPoint {
  const { text, values, ...rest } = record;
  const point = pointId(keys, record.document, record.chunk);
  const tags = groupTags(keys, record.acl);
  const { version } = record;
  const payload = sealEnvelope(keys, { point, field: 'payload', version }, utf8(text), random);
  const vector = sealEnvelope(keys, { point, field: 'vector', version }, encodeVector(values), random);
  const head: RecordHead = {
    ...rest,
    tags: tagsDigest(tags),
    payload: toHex(sha256(payload)),
    vector: toHex(sha256(vector)),
  };
  return {
    id: point,
    partition: keys.partition,
    document: documentTag(keys, record.document),
    tags,
    head: sealEnvelope(keys, { point, field: 'head', version: 0 }, encodeRecordHead(head), random),
    payload,
    vector,
  };
}

/** 32-bit little-endian floats. */
function encodeVector(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (let index = 0; index < values.length; index++) view.setFloat32(index * 4, values[index] as number, true);
  return new Uint8Array(view.buffer);
}
