import { evidenceError } from '../errors.ts';

/** Tags of the DER types that certificates and revocation lists use (X.690 section 8). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
  context3: 0xa3,
} as const;

/** One DER element. */
export interface DerElement {
  readonly tag: number;
  /** The contents octets. */
  readonly content: Uint8Array;
  /** Identifier, length and contents, as they were signed. */
  readonly raw: Uint8Array;
}

/** Reads elements in order. Every method throws ERR_EVIDENCE_DER_MALFORMED rather than guess. */
export interface DerReader {
  /** The next element, which must have this tag. */
  next(tag: number): DerElement;
  /** The next element if it has this tag. */
  optional(tag: number): DerElement | undefined;
  /** The next element of any tag. */
  any(): DerElement;
  /** Whether nothing is left. */
  readonly done: boolean;
  /** Refuses anything left over. */
  end(): void;
}

/** The error for bytes that are not strict DER. */
export function malformed(offset: number): Error {
  return evidenceError('ERR_EVIDENCE_DER_MALFORMED', { detail: { offset } });
}

function readLength(bytes: Uint8Array, offset: number): { length: number; start: number } {
  const first = bytes[offset];
  if (first === undefined) throw malformed(offset);
  if (first < 0x80) return { length: first, start: offset + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 3 || offset + 1 + count > bytes.length) throw malformed(offset);
  let length = 0;
  for (let index = 1; index <= count; index++) length = length * 256 + (bytes[offset + index] as number);
  // DER wants the shortest form (X.690 section 10.1).
  if (length < 0x80 || length < 256 ** (count - 1)) throw malformed(offset);
  return { length, start: offset + 1 + count };
}

/** An element that cuts its bytes out when somebody asks: revocation lists have thousands of them, and most are only passed. */
class Element implements DerElement {
  readonly tag: number;
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly start: number;
  readonly end: number;

  constructor(bytes: Uint8Array, offset: number, limit: number) {
    this.tag = bytes[offset] as number;
    // High tag numbers (low five bits all set) do not occur in these structures.
    if (offset >= limit || (this.tag & 0x1f) === 0x1f) throw malformed(offset);
    const { length, start } = readLength(bytes, offset + 1);
    this.bytes = bytes;
    this.offset = offset;
    this.start = start;
    this.end = start + length;
    if (this.end > limit) throw malformed(offset);
  }

  get content(): Uint8Array {
    return this.bytes.subarray(this.start, this.end);
  }

  get raw(): Uint8Array {
    return this.bytes.subarray(this.offset, this.end);
  }
}

class Reader implements DerReader {
  readonly #bytes: Uint8Array;
  readonly #limit: number;
  #offset: number;

  constructor(bytes: Uint8Array, offset: number, limit: number) {
    this.#bytes = bytes;
    this.#offset = offset;
    this.#limit = limit;
  }

  any(): DerElement {
    const element = new Element(this.#bytes, this.#offset, this.#limit);
    this.#offset = element.end;
    return element;
  }

  next(tag: number): DerElement {
    if (this.done || this.#bytes[this.#offset] !== tag) throw malformed(this.#offset);
    return this.any();
  }

  optional(tag: number): DerElement | undefined {
    return !this.done && this.#bytes[this.#offset] === tag ? this.any() : undefined;
  }

  get done(): boolean {
    return this.#offset === this.#limit;
  }

  end(): void {
    if (!this.done) throw malformed(this.#offset);
  }
}

/** A strict DER reader (X.690) over bytes: definite shortest lengths, no high tags, at most 16 MiB an element. */
export function createDerReader(bytes: Uint8Array): DerReader {
  return new Reader(bytes, 0, bytes.length);
}

/** A reader over the contents of an element. */
export function openElement(element: DerElement): DerReader {
  if (element instanceof Element) return new Reader(element.bytes, element.start, element.end);
  return createDerReader(element.content);
}

/** Opens the one SEQUENCE that fills `bytes`. */
export function readSequence(bytes: Uint8Array): DerReader {
  const outer = createDerReader(bytes);
  const sequence = outer.next(TAG.sequence);
  outer.end();
  return openElement(sequence);
}
