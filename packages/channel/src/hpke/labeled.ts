import { bigEndian, concat, hkdfExpand, hkdfExtract, utf8 } from '@cloister/core';

const VERSION = utf8('HPKE-v1');

/** LabeledExtract with HKDF-SHA256 (RFC 9180 section 4): 32 bytes. */
export function labeledExtract(suiteId: Uint8Array, salt: Uint8Array, label: string, inputKey: Uint8Array): Uint8Array {
  return hkdfExtract(salt, concat(VERSION, suiteId, utf8(label), inputKey));
}

/** LabeledExpand with HKDF-SHA256 (RFC 9180 section 4): `length` bytes, at most 8160. */
export function labeledExpand(
  suiteId: Uint8Array,
  key: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array {
  return hkdfExpand(key, concat(bigEndian(length, 2), VERSION, suiteId, utf8(label), info), length);
}
