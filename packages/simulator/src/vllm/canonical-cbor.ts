import { bigEndian, concat, utf8 } from '@cloister/core';

/** What block hashing needs of CBOR: unsigned integers, byte and text strings, arrays and null. */
export type CborValue = number | string | Uint8Array | null | readonly CborValue[];

const UNSIGNED = 0x00;
const BYTES = 0x40;
const TEXT = 0x60;
const ARRAY = 0x80;
const NULL = Uint8Array.of(0xf6);

/** The initial byte and the shortest form of `value` (RFC 8949 sections 3 and 4.2.1). */
function head(major: number, value: number): Uint8Array {
  if (value < 24) return Uint8Array.of(major | value);
  const length = value < 0x100 ? 1 : value < 0x1_0000 ? 2 : value < 0x1_0000_0000 ? 4 : 8;
  return concat(Uint8Array.of(major | (24 + Math.log2(length))), bigEndian(value, length));
}

/**
 * Core deterministic CBOR (RFC 8949 section 4.2.1) of a value without maps, floats and tags.
 * @throws RangeError on a number that is not a non-negative safe integer
 */
export function encodeCanonicalCbor(value: CborValue): Uint8Array {
  if (value === null) return NULL;
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('a non-negative safe integer is needed');
    return head(UNSIGNED, value);
  }
  if (typeof value === 'string') {
    const bytes = utf8(value);
    return concat(head(TEXT, bytes.length), bytes);
  }
  if (value instanceof Uint8Array) return concat(head(BYTES, value.length), value);
  return concat(head(ARRAY, value.length), ...value.map(encodeCanonicalCbor));
}
