import { equalBytes } from './bytes.ts';

/**
 * Remembers what was made of an array of bytes for as long as the array lives and keeps its bytes: a key that is used again
 * and again is read once. `undefined` is not remembered.
 */
export function importOnce<Imported>(read: (bytes: Uint8Array) => Imported): (bytes: Uint8Array) => Imported {
  const known = new WeakMap<Uint8Array, { readonly bytes: Uint8Array; readonly imported: Imported }>();
  return (bytes) => {
    const entry = known.get(bytes);
    if (entry !== undefined && equalBytes(entry.bytes, bytes)) return entry.imported;
    const imported = read(bytes);
    if (imported !== undefined) known.set(bytes, { bytes: bytes.slice(), imported });
    return imported;
  };
}
