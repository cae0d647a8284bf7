import { toHex } from '@cloister/core';
import { type DerElement, malformed, openElement, readSequence, TAG } from './der-reader.ts';

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

const ZERO = 0x30;
const LETTER_Z = 0x5a;

/** Two decimal digits at `offset`. */
function readPair(content: Uint8Array, offset: number): number {
  const [tens, units] = [(content[offset] ?? 0) - ZERO, (content[offset + 1] ?? 0) - ZERO];
  if (tens < 0 || tens > 9 || units < 0 || units > 9) throw malformed(offset);
  return tens * 10 + units;
}

/** A Time in ms since the epoch: UTCTime up to 2049, GeneralizedTime after, both to the second in Z (RFC 5280 section 4.1.2.5). */
export function readTime({ tag, content }: DerElement): number {
  const isUtc = tag === TAG.utcTime;
  if (!isUtc && tag !== TAG.generalizedTime) throw malformed(0);
  if (content.length !== (isUtc ? 13 : 15) || content.at(-1) !== LETTER_Z) throw malformed(0);
  const short = readPair(content, 0);
  const year = isUtc ? short + (short < 50 ? 2000 : 1900) : short * 100 + readPair(content, 2);
  const from = isUtc ? 2 : 4;
  const [month, day, hour] = [readPair(content, from), readPair(content, from + 2), readPair(content, from + 4)];
  const [minute, second] = [readPair(content, from + 6), readPair(content, from + 8)];
  if (hour > 23 || minute > 59 || second > 59 || year < 1950) throw malformed(0);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) throw malformed(0);
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
  const reader = openElement(element);
  const children: DerElement[] = [];
  while (!reader.done) children.push(reader.any());
  return children;
}
