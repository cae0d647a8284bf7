import { isClassification, lengthPrefixed, sha256, toHex } from '@cloister/core';
import type { Classification } from '@cloister/core';
import { retrieverError } from '../errors.ts';
import { areHeadings } from '../heading.ts';
import type { Heading } from '../heading.ts';
import { LIMITS } from '../limits.ts';
import type { RecordAccess } from '../record/record-head.ts';

/** A document to be sealed and stored. Label and groups go to every chunk. */
export interface IngestDocument {
  /** Unique within tenant and collection: 1 to 512 characters. The store never sees it. */
  readonly id: string;
  /** At most 4 Mi UTF-16 units. */
  readonly text: string;
  /**
   * Headings within the text, as `readDocument` of `@cloister/retriever/documents` finds them: chunks keep to their section
   * and begin with the headings above it. None unless given.
   */
  readonly headings?: readonly Heading[];
  readonly label: Classification;
  /** Groups of which a reader must hold one: at most 256. An empty list means that nobody can find the document. */
  readonly acl: readonly string[];
  /** Compartments of which a reader must hold every one: at most 256; none unless given. */
  readonly compartments?: readonly string[];
  /** Milliseconds since the epoch from which nobody finds the document; for ever unless given. */
  readonly retention?: number;
}

/** A change of who may find a document. */
export type AccessChange = Omit<IngestDocument, 'text' | 'headings'>;

/** Who may find what comes from one place: a folder, a system, a ward. */
export type SourceAccess = Omit<AccessChange, 'id'>;

/** A document or a change of access, spelt out. */
export interface ParsedDocument extends RecordAccess {
  readonly id: string;
  /** `undefined`: the text stays as it is. */
  readonly text: string | undefined;
  readonly headings: readonly Heading[];
}

const MEMBERS = ['id', 'label', 'acl', 'compartments', 'retention'] satisfies (keyof AccessChange)[];

/**
 * Checks documents strictly: unknown members are refused, groups are sorted and each kept once.
 * @throws CloisterError `ERR_RETRIEVER_DOCUMENT` or `ERR_RETRIEVER_DUPLICATE_DOCUMENT`, the position in `detail.document`
 */
export function parseDocuments(documents: readonly IngestDocument[]): readonly ParsedDocument[] {
  const isOurs = (value: object): value is IngestDocument =>
    isAccessChange(value, ['text', 'headings']) && isText(value);
  return parseEach(documents, isOurs).map((document) => spellOut(document, document.text, document.headings));
}

/**
 * Checks the access of a source as strictly as that of a document.
 * @throws CloisterError `ERR_RETRIEVER_OPTIONS`
 */
export function parseSource(source: SourceAccess): RecordAccess {
  const given: unknown = source;
  const isOurs = typeof given === 'object' && given !== null && !Object.hasOwn(given, 'id');
  const change = { ...source, id: 'source' };
  if (!isOurs || !isAccessChange(change, [])) throw retrieverError('ERR_RETRIEVER_OPTIONS', { subject: 'source' });
  const { label, acl, compartments, retention } = spellOut(change, undefined);
  return { label, acl, compartments, retention };
}

/** Checks changes of access strictly: see `parseDocuments`. */
export function parseAccessChanges(changes: readonly AccessChange[]): readonly ParsedDocument[] {
  const isOurs = (value: object): value is AccessChange => isAccessChange(value, []);
  return parseEach(changes, isOurs).map((change) => spellOut(change, undefined));
}

function parseEach<Given extends AccessChange>(
  values: readonly unknown[],
  isOurs: (value: object) => value is Given,
): readonly Given[] {
  if (!Array.isArray(values) || values.length > LIMITS.documents) throw retrieverError('ERR_RETRIEVER_DOCUMENT');
  const ids = new Set<string>();
  return values.map((value: unknown, position) => {
    const detail = { document: position };
    const valid = typeof value === 'object' && value !== null && isOurs(value);
    if (!valid) throw retrieverError('ERR_RETRIEVER_DOCUMENT', { detail });
    if (ids.has(value.id)) throw retrieverError('ERR_RETRIEVER_DUPLICATE_DOCUMENT', { detail });
    ids.add(value.id);
    return value;
  });
}

function spellOut(change: AccessChange, text: string | undefined, headings: readonly Heading[] = []): ParsedDocument {
  const { id, label, acl, compartments = [], retention } = change;
  const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].toSorted();
  return {
    id,
    text,
    headings,
    label,
    acl: sorted(acl),
    compartments: sorted(compartments),
    retention: retention ?? null,
  };
}

function isText(value: object): value is Pick<IngestDocument, 'text' | 'headings'> {
  const { text, headings = [] } = value as { readonly text?: unknown; readonly headings?: unknown };
  const isBounded = typeof text === 'string' && text.length <= LIMITS.text && text.isWellFormed();
  return isBounded && areHeadings(headings, text);
}

function isAccessChange(value: object, more: readonly string[]): value is AccessChange {
  const { id, label, acl, compartments, retention } = value as Partial<Record<keyof AccessChange, unknown>>;
  return (
    Object.keys(value).every((name) => [...MEMBERS, ...more].includes(name)) &&
    isName(id, LIMITS.documentId) &&
    isClassification(label) &&
    isNames(acl) &&
    (compartments === undefined || isNames(compartments)) &&
    (retention === undefined || (Number.isSafeInteger(retention) && (retention as number) >= 0))
  );
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.length <= LIMITS.groups && value.every((name) => isName(name, LIMITS.group));
}

/** Whether a caller's name for something is usable: well-formed and within a length. */
export function isName(value: unknown, limit: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= limit && value.isWellFormed();
}

/** SHA-256 in hex over what decides a document's chunks: with equal digests, at most the access has changed. */
export function contentDigest({ id, text = '', headings }: ParsedDocument, procedure: string): string {
  const structure = headings.length === 0 ? [] : [JSON.stringify(headings.map(({ at, level }) => [at, level]))];
  return toHex(sha256(lengthPrefixed('cloister/content/v1', procedure, id, text, ...structure)));
}
