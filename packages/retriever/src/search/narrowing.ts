import { isClassification } from '@cloister/core';
import type { AccessLabel, Classification } from '@cloister/core';
import type { ArenaRow } from '../arena/arena.ts';
import { retrieverError } from '../errors.ts';
import { isName } from '../ingest/ingest-document.ts';
import { LIMITS } from '../limits.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import { documentTag } from '../record/record-names.ts';

/**
 * A filter that can only narrow: every member given takes records away, an empty list takes all. Tenants, groups and
 * anything like an operator cannot be written in it, so a model may.
 */
export interface Narrowing {
  /** Only chunks of these documents, at most 256. */
  readonly documents?: readonly string[];
  /** Only chunks with one of these labels. */
  readonly labels?: readonly Classification[];
}

const MEMBERS: Readonly<Record<keyof Narrowing, (value: unknown) => boolean>> = {
  documents: (value) => isName(value, LIMITS.documentId),
  labels: isClassification,
};

/**
 * Checks a narrowing strictly: an unknown member is refused, never left out.
 * @throws CloisterError `ERR_RETRIEVER_OPTIONS`
 */
export function parseNarrowing(value: unknown): Narrowing {
  const valid =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([name, list]) =>
        Object.hasOwn(MEMBERS, name) &&
        Array.isArray(list) &&
        list.length <= 256 &&
        list.every(MEMBERS[name as keyof Narrowing]),
    );
  if (!valid) throw retrieverError('ERR_RETRIEVER_OPTIONS', { subject: 'within' });
  return { ...value };
}

/** The narrowing as a question to a row and its access; `undefined` when it leaves out nothing. */
export function narrow(
  keys: CollectionKeys,
  { documents, labels }: Narrowing,
): ((row: ArenaRow, access: AccessLabel) => boolean) | undefined {
  if (documents === undefined && labels === undefined) return undefined;
  const tags = documents && new Set(documents.map((id) => documentTag(keys, id)));
  return (row, access) => tags?.has(row.document) !== false && labels?.includes(access.label) !== false;
}
