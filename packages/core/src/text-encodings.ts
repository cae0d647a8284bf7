/** Every byte's two digits: digests are written as hex on every request. */
const HEX_PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** Value of each character by its code, or 255: certificates and revocation lists are decoded on every cold verification. */
const HEX_VALUES = tabulate('0123456789abcdef');
for (const [index, letter] of Array.from('ABCDEF').entries()) HEX_VALUES[letter.charCodeAt(0)] = 10 + index;
const BASE64_VALUES = tabulate('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const BASE64URL = /^[A-Za-z0-9_-]*$/;

/** Lower-case hexadecimal (RFC 4648 section 8). */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX_PAIRS[byte];
  return text;
}

/**
 * Bytes of hexadecimal text, either case.
 * @throws TypeError on any other character or an odd length
 */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  let seen = 0;
  for (let index = 0; index < bytes.length; index++) {
    const high = valueAt(HEX_VALUES, text, 2 * index);
    const low = valueAt(HEX_VALUES, text, 2 * index + 1);
    seen |= high | low;
    bytes[index] = (high << 4) | low;
  }
  if (seen > 15 || text.length % 2 !== 0) throw new TypeError('not hexadecimal');
  return bytes;
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let index = 0; index < bytes.length; index += 8192)
    binary += String.fromCharCode(...bytes.subarray(index, index + 8192));
  return btoa(binary);
}

/**
 * Bytes of standard base64 with padding, strictly: no white space, no stray bits in the last group.
 * @throws TypeError on anything else
 */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw new TypeError('not base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let seen = 0;
  let stray = 0;
  for (let from = 0, to = 0; from < digits; from += 4) {
    let group = 0;
    for (let index = from; index < from + 4; index++) {
      const value = index < digits ? valueAt(BASE64_VALUES, text, index) : 0;
      seen |= value;
      group = (group << 6) | value;
    }
    const count = Math.min(3, bytes.length - to);
    for (let shift = 16; shift > 16 - 8 * count; shift -= 8) bytes[to++] = group >>> shift;
    stray = group & (0xff_ffff >>> (8 * count));
  }
  if (seen > 63) throw new TypeError('not base64');
  if (stray !== 0) throw new TypeError('not canonical base64');
  return bytes;
}

/** base64url without padding (RFC 4648 section 5). */
export function toBase64url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * Bytes of base64url without padding, strictly.
 * @throws TypeError on padding, other characters or stray bits
 */
export function fromBase64url(text: string): Uint8Array {
  if (!BASE64URL.test(text)) throw new TypeError('not base64url');
  const standard = text.replaceAll('-', '+').replaceAll('_', '/');
  return fromBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, '='));
}

function tabulate(alphabet: string): Uint8Array {
  const values = new Uint8Array(256).fill(255);
  for (const [value, character] of Array.from(alphabet).entries()) values[character.charCodeAt(0)] = value;
  return values;
}

function valueAt(values: Uint8Array, text: string, index: number): number {
  return values[text.charCodeAt(index)] ?? 255;
}
