import { canonicalJson, fromBase64url, type JsonValue, parseJson, toBase64url } from '@cloister/core';
import { clientError } from '../errors.ts';

/** An answer as it is kept. */
export interface CollateralEntry {
  /** Of its kind. */
  readonly key: string;
  /** ms since the epoch. */
  readonly fetchedAt: number;
  readonly body: Uint8Array;
}

const MAX_ENTRY = 16 * 1024 * 1024;
const MAX_BUNDLE = 128 * 1024 * 1024;
const MAX_ENTRIES = 256;

function wire({ key, fetchedAt, body }: CollateralEntry): object {
  return { version: 1, key, fetchedAt, body: toBase64url(body) };
}

/** An entry as canonical JSON. */
export function encodeEntry(entry: CollateralEntry): Uint8Array {
  return canonicalJson(wire(entry));
}

/** Several entries as the one file that travels to machines without a network. */
export function encodeBundle(entries: readonly CollateralEntry[]): Uint8Array {
  const sorted = entries.toSorted((left, right) => (left.key < right.key ? -1 : 1));
  return canonicalJson({ version: 1, type: 'cloister/collateral', entries: sorted.map(wire) });
}

function readEntry(value: JsonValue | undefined): CollateralEntry | undefined {
  const { version, key, fetchedAt, body, ...more } = (value ?? {}) as Readonly<Record<string, JsonValue | undefined>>;
  const isEntry =
    version === 1 &&
    typeof key === 'string' &&
    typeof fetchedAt === 'number' &&
    Number.isSafeInteger(fetchedAt) &&
    typeof body === 'string' &&
    Object.keys(more).length === 0;
  return isEntry ? { key, fetchedAt, body: fromBase64url(body) } : undefined;
}

/** Reads an entry; `undefined` for anything that is not exactly one. */
export function parseEntry(bytes: Uint8Array): CollateralEntry | undefined {
  try {
    return readEntry(parseJson(bytes, { maxBytes: MAX_ENTRY, maxDepth: 2 }));
  } catch {
    return undefined;
  }
}

/** Reads a bundle. @throws ERR_CLIENT_COLLATERAL_BUNDLE */
export function parseBundle(bytes: Uint8Array): readonly CollateralEntry[] {
  const malformed = clientError('ERR_CLIENT_COLLATERAL_BUNDLE');
  try {
    const value = parseJson(bytes, { maxBytes: MAX_BUNDLE, maxDepth: 4 });
    const { version, type, entries, ...more } = value as Readonly<Record<string, JsonValue>>;
    const isBundle = version === 1 && type === 'cloister/collateral' && Array.isArray(entries);
    if (!isBundle || Object.keys(more).length > 0 || entries.length > MAX_ENTRIES) throw malformed;
    return (entries as readonly JsonValue[]).map((entry) => {
      const read = readEntry(entry);
      if (read === undefined) throw malformed;
      return read;
    });
  } catch {
    throw malformed;
  }
}
