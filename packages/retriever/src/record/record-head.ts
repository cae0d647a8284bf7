import { canonicalJson, isClassification, parseJson } from '@cloister/core';
import type { AccessLabel, JsonObject, JsonValue } from '@cloister/core';

/** Who may find a record, and until when. */
export interface RecordAccess extends AccessLabel {
  /** Compartments of which a reader must hold every one. */
  readonly compartments: readonly string[];
  /** Milliseconds since the epoch from which nobody finds the record; `null` for ever. */
  readonly retention: number | null;
}

/** What the sealed head of a record says. Digests are SHA-256 in hex. */
export interface RecordHead extends RecordAccess {
  readonly document: string;
  /** Position of the chunk in its document, and how many chunks the document has. */
  readonly chunk: number;
  readonly chunks: number;
  /** Rises with every change of the document or its access; milliseconds since the epoch or one more than before. */
  readonly version: number;
  /** The version that payload and vector were sealed in: a change of access does not seal them again. */
  readonly sealed: number;
  /** Which embedder made the vector. */
  readonly embedder: string;
  /** Over text and procedure of the document, not its access: the key to idempotent ingestion. */
  readonly content: string;
  /** Blind tags of cell and bucket in the mode `cells`; else none. */
  readonly cells: readonly string[];
  /** Over the blind tags of the groups, which the store filters by. */
  readonly tags: string;
  /** Over the sealed payload and the sealed vector. */
  readonly payload: string;
  readonly vector: string;
}

const MEMBERS: Readonly<Record<keyof RecordHead, (value: JsonValue) => boolean>> = {
  acl: isTexts,
  compartments: isTexts,
  label: isClassification,
  retention: (value) => value === null || isCount(value),
  document: isText,
  chunk: isCount,
  chunks: isCount,
  version: isCount,
  sealed: isCount,
  embedder: isText,
  content: isDigest,
  cells: isPlace,
  tags: isDigest,
  payload: isDigest,
  vector: isDigest,
};

/** The head as canonical JSON (RFC 8785) in UTF-8, ready to be sealed. */
export function encodeRecordHead(head: RecordHead): Uint8Array {
  return canonicalJson(head);
}

/** Parses an opened head strictly; `undefined` when a member is missing, unknown or of another type. */
export function parseRecordHead(bytes: Uint8Array): RecordHead | undefined {
  let value: JsonValue;
  try {
    value = parseJson(bytes, { maxDepth: 2 });
  } catch {
    return undefined;
  }
  return isRecordHead(value) ? value : undefined;
}

function isRecordHead(value: unknown): value is RecordHead {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const names = Object.keys(value);
  const members = value as JsonObject;
  return (
    names.length === Object.keys(MEMBERS).length &&
    Object.entries(MEMBERS).every(([name, valid]) => Object.hasOwn(value, name) && valid(members[name] as JsonValue))
  );
}

function isTexts(value: JsonValue): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function isPlace(value: JsonValue): boolean {
  return isTexts(value) && [0, 2].includes((value as readonly string[]).length);
}

function isText(value: JsonValue): boolean {
  return typeof value === 'string' && value !== '';
}

function isCount(value: JsonValue): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isDigest(value: JsonValue): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
