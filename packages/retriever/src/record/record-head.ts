import { fromUtf8, isClassification, utf8 } from '@cloister/core';
import type { AccessLabel } from '@cloister/core';

/** Who may find a record, and until when. */
export interface RecordAccess extends AccessLabel {
  /** Compartments of which a reader must hold every one. */
  readonly compartments: readonly string[];
  /** Milliseconds since the epoch from which nobody finds the record; `null` for ever. */
  readonly retention: number | null;
}

/** Whether two records may be found by the same readers. Both lists are sorted. */
export function equalAccess(left: RecordAccess, right: RecordAccess): boolean {
  return (
    left.label === right.label &&
    left.retention === right.retention &&
    equalNames(left.acl, right.acl) &&
    equalNames(left.compartments, right.compartments)
  );
}

function equalNames(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
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

type Member = keyof RecordHead;

/** In the order in which a head is written. */
const MEMBERS: readonly (readonly [Member, (value: unknown) => boolean])[] = [
  ['document', isText],
  ['chunk', isCount],
  ['chunks', isCount],
  ['version', isCount],
  ['sealed', isCount],
  ['label', isClassification],
  ['acl', isTexts],
  ['compartments', isTexts],
  ['retention', (value) => value === null || isCount(value)],
  ['embedder', isText],
  ['content', isDigest],
  ['cells', isPlace],
  ['tags', isDigest],
  ['payload', isDigest],
  ['vector', isDigest],
];

/** The head as UTF-8, ready to be sealed: a JSON array of its members, whose names and order belong to the format. */
export function encodeRecordHead(head: RecordHead): Uint8Array {
  return utf8(JSON.stringify(MEMBERS.map(([name]) => head[name])));
}

/** Parses an opened head strictly; `undefined` when a member is missing, added or of another type. */
export function parseRecordHead(bytes: Uint8Array): RecordHead | undefined {
  let values: unknown;
  try {
    values = JSON.parse(fromUtf8(bytes));
  } catch {
    return undefined;
  }
  if (!Array.isArray(values) || values.length !== MEMBERS.length) return undefined;
  const members: Partial<Record<Member, unknown>> = {};
  for (let index = 0; index < MEMBERS.length; index++) {
    const [name, isValid] = MEMBERS[index] as (typeof MEMBERS)[number];
    if (!isValid(values[index])) return undefined;
    members[name] = values[index];
  }
  return members as unknown as RecordHead;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function isPlace(value: unknown): boolean {
  return isTexts(value) && [0, 2].includes((value as readonly string[]).length);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
