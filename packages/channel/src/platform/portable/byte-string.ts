const SLICE = 4096;

/** As `Platform.toByteString`. */
export function toByteString(bytes: Uint8Array): string {
  if (bytes.length <= SLICE) return String.fromCharCode(...bytes);
  let text = '';
  for (let index = 0; index < bytes.length; index += SLICE) {
    text += String.fromCharCode(...bytes.subarray(index, index + SLICE));
  }
  return text;
}

/** As `Platform.fromByteString`. */
export function fromByteString(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
