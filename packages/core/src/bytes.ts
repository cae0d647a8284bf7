const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Up to so many characters a loop is faster than the platform's encoder, which most derivation inputs are too short for. */
const SHORT = 48;

/** UTF-8 bytes of a text. Lone surrogates become U+FFFD, as everywhere on the web platform. */
export function utf8(text: string): Uint8Array {
  const { length } = text;
  if (length > SHORT) return encoder.encode(text);
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return encoder.encode(text);
    bytes[index] = code;
  }
  return bytes;
}

/**
 * The text of UTF-8 bytes, strictly.
 * @throws TypeError on bytes that are not well-formed UTF-8
 */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** One array that holds all parts in order. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Whether two arrays hold the same bytes, in time that depends on the length alone. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index++) difference |= (left[index] as number) ^ (right[index] as number);
  return difference === 0;
}

/** Overwrites secret bytes. Copies that the engine made are out of reach: docs/threat-model.md. */
export function zero(bytes: Uint8Array): void {
  bytes.fill(0);
}

/**
 * Moves secret bytes to memory of their own and overwrites `bytes`. V8 keeps arrays of up to 64 bytes among its objects and
 * moves them about: each move leaves a copy that `zero` never reaches. The memory of an `ArrayBuffer` stays where it is.
 */
export function offHeap(bytes: Uint8Array): Uint8Array {
  const kept = new Uint8Array(new ArrayBuffer(bytes.length));
  kept.set(bytes);
  zero(bytes);
  return kept;
}

/** `value` as `length` big-endian bytes; `value` is a non-negative safe integer that fits. */
export function bigEndian(value: number, length: 1 | 2 | 4 | 8): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** (8 * length)) {
    throw new RangeError(`a ${length}-byte integer is needed`);
  }
  const bytes = new Uint8Array(length);
  for (let index = length - 1, rest = value; index >= 0; index--, rest = Math.floor(rest / 256))
    bytes[index] = rest % 256;
  return bytes;
}
