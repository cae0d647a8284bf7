import { toHex } from '@cloister/core';
import { createDerReader, type DerElement, malformed, readSequence, TAG } from './der-reader.ts';

/** Contents of an INTEGER, minimal as DER wants (X.690 section 8.3.2). Serial numbers may be negative; they are only compared. */
export function readInteger(element: DerElement): Uint8Array {
  const [first, second] = element.content;
  if (first === undefined) throw malformed(0);
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    throw malformed(0);
  return element.content;
}

/** A non-negative INTEGER of at most 4 bytes. */
export function readSmallInteger(element: DerElement): number {
  const content = readInteger(element);
  if ((content[0] as number) >= 0x80 || content.length > 4) throw malformed(0);
  return content.reduce((value, byte) => value * 256 + byte, 0);
}

/** A BOOLEAN; DER has one byte, 00 or FF (X.690 section 11.1). */
export function readBoolean(element: DerElement): boolean {
  const [value] = element.content;
  if (element.content.length !== 1 || (value !== 0 && value !== 0xff)) throw malformed(0);
  return value === 0xff;
}

/** An OBJECT IDENTIFIER as lower-case hex of its contents: enough to compare, and never ambiguous. */
export function readObjectIdentifier(element: DerElement): string {
  const last = element.content.at(-1);
  if (last === undefined || last >= 0x80) throw malformed(0);
  return toHex(element.content);
}

/** A BIT STRING without unused bits: keys and signatures. */
export function readBitString(element: DerElement): Uint8Array {
  if (element.content[0] !== 0) throw malformed(0);
  return element.content.subarray(1);
}

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** A Time in ms since the epoch: UTCTime up to 2049, GeneralizedTime after, both to the second in Z (RFC 5280 section 4.1.2.5). */
export function readTime(element: DerElement): number {
  const text = String.fromCharCode(...element.content.subarray(0, 32));
  const isUtc = element.tag === TAG.utcTime;
  if (!isUtc && element.tag !== TAG.generalizedTime) throw malformed(0);
  const fields = (isUtc ? UTC_TIME : GENERALIZED_TIME).exec(text)?.slice(1).map(Number);
  if (fields === undefined || element.content.length > 15) throw malformed(0);
  const [short = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  const year = isUtc ? short + (short < 50 ? 2000 : 1900) : short;
  if (hour > 23 || minute > 59 || second > 59) throw malformed(0);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || year < 1950) throw malformed(0);
  return date.getTime();
}

function fixedWidth(element: DerElement, width: number): Uint8Array {
  const content = readInteger(element);
  const digits = content[0] === 0 ? content.subarray(1) : content;
  if ((content[0] as number) >= 0x80 || digits.length > width) throw malformed(0);
  const bytes = new Uint8Array(width);
  bytes.set(digits, width - digits.length);
  return bytes;
}

/** An ECDSA-Sig-Value (RFC 5480 appendix A) as r || s, each of `width` bytes. */
export function readEcdsaSignature(der: Uint8Array, width: number): Uint8Array {
  const fields = readSequence(der);
  const signature = new Uint8Array(2 * width);
  signature.set(fixedWidth(fields.next(TAG.integer), width));
  signature.set(fixedWidth(fields.next(TAG.integer), width), width);
  fields.end();
  return signature;
}

/** The elements inside a constructed one. */
export function readChildren(element: DerElement): readonly DerElement[] {
  const reader = createDerReader(element.content);
  const children: DerElement[] = [];
  while (!reader.done) children.push(reader.any());
  return children;
}
