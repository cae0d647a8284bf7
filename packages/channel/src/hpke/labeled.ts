import { hkdfExpand, hkdfExtract, utf8 } from '@cloister/core';

const VERSION = utf8('HPKE-v1');

/** Labels of RFC 9180; each is encoded once. */
export type HpkeLabel =
  | 'eae_prk'
  | 'shared_secret'
  | 'psk_id_hash'
  | 'info_hash'
  | 'secret'
  | 'key'
  | 'base_nonce'
  | 'exp'
  | 'sec';

const encodedLabels = new Map<HpkeLabel, Uint8Array>();

function encodeLabel(label: HpkeLabel): Uint8Array {
  const encoded = encodedLabels.get(label) ?? utf8(label);
  encodedLabels.set(label, encoded);
  return encoded;
}

/** `"HPKE-v1" || suiteId || label || data` after `before` free bytes: one allocation, since an exchange makes dozens. */
function labeled(before: number, suiteId: Uint8Array, label: HpkeLabel, data: Uint8Array): Uint8Array {
  const name = encodeLabel(label);
  const start = before + VERSION.length + suiteId.length;
  const bytes = new Uint8Array(start + name.length + data.length);
  bytes.set(VERSION, before);
  bytes.set(suiteId, before + VERSION.length);
  bytes.set(name, start);
  bytes.set(data, start + name.length);
  return bytes;
}

/** LabeledExtract with HKDF-SHA256 (RFC 9180 section 4): 32 bytes. */
export function labeledExtract(
  suiteId: Uint8Array,
  salt: Uint8Array,
  label: HpkeLabel,
  inputKey: Uint8Array,
): Uint8Array {
  return hkdfExtract(salt, labeled(0, suiteId, label, inputKey));
}

/** LabeledExpand with HKDF-SHA256 (RFC 9180 section 4): `length` bytes, at most 8160. */
export function labeledExpand(
  suiteId: Uint8Array,
  key: Uint8Array,
  label: HpkeLabel,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const bytes = labeled(2, suiteId, label, info);
  bytes[0] = length >> 8;
  bytes[1] = length & 0xff;
  return hkdfExpand(key, bytes, length);
}
