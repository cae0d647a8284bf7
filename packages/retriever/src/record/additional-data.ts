import { concat, lengthPrefixed } from '@cloister/core';
import type { CollectionKeys, RecordField, RecordKey } from './record-keys.ts';

/** What binds an envelope to its place: moved anywhere else, it does not open. */
export interface EnvelopePlace {
  /** 32 hex digits. */
  readonly point: string;
  readonly field: RecordField;
  /** The record's version; 0 for heads, which carry it inside. */
  readonly version: number;
}

/** The additional data of one key's envelopes, in which only point and version change. */
interface Template {
  readonly suite: Uint8Array;
  readonly field: RecordField;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly point: number;
  readonly version: number;
}

const templates = new WeakMap<RecordKey, Template>();

/**
 * LP of suite, tenant, collection, mode, point id, record version, field and key id: a list with one reading only. The
 * array is written again by the next call, since every record needs three of them.
 */
export function additionalData(keys: CollectionKeys, key: RecordKey, place: EnvelopePlace): Uint8Array {
  const known = templates.get(key);
  const fits = known?.suite === keys.suite && known.field === place.field;
  const template = fits ? known : createTemplate(keys, key, place.field);
  const { bytes, view, point, version } = template;
  for (let index = 0; index < POINT; index++) bytes[point + index] = place.point.charCodeAt(index);
  view.setUint32(version, Math.floor(place.version / 2 ** 32));
  view.setUint32(version + 4, place.version % 2 ** 32);
  return bytes;
}

/** Characters of a point id. */
const POINT = 32;

function createTemplate({ suite }: CollectionKeys, key: RecordKey, field: RecordField): Template {
  const bytes = concat(suite, lengthPrefixed('0'.repeat(POINT), new Uint8Array(8), field, key.id));
  const point = suite.length + 4;
  const template = { suite, field, bytes, view: new DataView(bytes.buffer), point, version: point + POINT + 4 };
  templates.set(key, template);
  return template;
}
