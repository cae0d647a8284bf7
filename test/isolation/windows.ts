/** Bytes a secret must share with a capture before the search calls it a leak. */
export const WINDOW = 12;

/** Every run of `WINDOW` bytes of the secrets' UTF-8 form that also stands in `capture`, as text; empty when none does. */
export function sharedWindows(
  capture: Uint8Array,
  secrets: Iterable<string>,
  allowed: Uint8Array = new Uint8Array(),
): string[] {
  const wanted = new Set<string>();
  for (const secret of secrets) for (const window of windowsOf(Buffer.from(secret))) wanted.add(window);
  for (const window of windowsOf(allowed)) wanted.delete(window);
  const found = new Set<string>();
  for (const window of windowsOf(capture)) if (wanted.has(window)) found.add(window);
  return [...found];
}

function* windowsOf(bytes: Uint8Array): Generator<string> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  for (let start = 0; start + WINDOW <= text.length; start++) yield text.slice(start, start + WINDOW);
}
