import { concat } from '@cloister/core';

/** Writes DER (X.690): the counterpart of the reader in `evidence`, so that test PKIs can be made. */
export const der = {
  /** Any element. */
  element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
    const content = concat(...contents);
    return concat(Uint8Array.of(tag), encodeLength(content.length), content);
  },
  /** SEQUENCE. */
  sequence: (...items: readonly Uint8Array[]): Uint8Array => der.element(0x30, ...items),
  /** SET of one. */
  set: (...items: readonly Uint8Array[]): Uint8Array => der.element(0x31, ...items),
  /** Non-negative INTEGER from big-endian bytes. */
  integer(bytes: Uint8Array): Uint8Array {
    const first = bytes.findIndex((byte) => byte !== 0);
    const digits = first === -1 ? Uint8Array.of(0) : bytes.subarray(first);
    return der.element(0x02, (digits[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), digits) : digits);
  },
  /** Small non-negative INTEGER. */
  number: (value: number): Uint8Array =>
    der.integer(Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff)),
  /** BOOLEAN. */
  boolean: (value: boolean): Uint8Array => der.element(0x01, Uint8Array.of(value ? 0xff : 0)),
  /** OCTET STRING. */
  octets: (bytes: Uint8Array): Uint8Array => der.element(0x04, bytes),
  /** BIT STRING; `unused` low bits of the last byte. */
  bits: (bytes: Uint8Array, unused = 0): Uint8Array => der.element(0x03, Uint8Array.of(unused), bytes),
  /** OBJECT IDENTIFIER from dotted decimals. */
  identifier(dotted: string): Uint8Array {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
    return der.element(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(encodeArc)));
  },
  /** UTF8String. */
  text: (value: string): Uint8Array => der.element(0x0c, new TextEncoder().encode(value)),
  /** UTCTime before 2050, else GeneralizedTime. `ms` since the epoch. */
  time(ms: number): Uint8Array {
    const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
    const isUtc = new Date(ms).getUTCFullYear() < 2050;
    return der.element(isUtc ? 0x17 : 0x18, new TextEncoder().encode(isUtc ? digits.slice(2) : digits));
  },
} as const;

function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  if (length < 0x100) return Uint8Array.of(0x81, length);
  if (length < 0x10000) return Uint8Array.of(0x82, length >>> 8, length & 0xff);
  return Uint8Array.of(0x83, length >>> 16, (length >>> 8) & 0xff, length & 0xff);
}

function encodeArc(arc: number): number[] {
  const digits = [arc & 0x7f];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
