const HEX = /^(?:[0-9a-f]{2})*$/i;
/** Every byte's two digits: digests are written as hex on every request. */
const HEX_PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
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
  if (!HEX.test(text)) throw new TypeError('not hexadecimal');
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = Number.parseInt(text.slice(2 * index, 2 * index + 2), 16);
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
  if (!BASE64.test(text)) throw new TypeError('not base64');
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const tail = text.endsWith('==') ? text.at(-3) : text.endsWith('=') ? text.at(-2) : undefined;
  if (
    tail !== undefined &&
    toBase64(bytes.subarray(-(bytes.length % 3 || 3)))
      .replace(/=+$/, '')
      .at(-1) !== tail
  ) {
    throw new TypeError('not canonical base64');
  }
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
