import type { Schemas } from '@qdrant/js-client-rest';
import { retrieverError } from '../errors.ts';
import { FIELDS, toUuid } from './point-wire.ts';

/** What narrows a request, besides the partition that every one of them names. */
export interface Narrowed {
  /** Points of one of these documents. */
  readonly documents?: readonly string[] | undefined;
  /** Points with at least one of these tags. */
  readonly tags?: readonly string[] | undefined;
  /** Points in one of these buckets. */
  readonly cells?: readonly string[] | undefined;
  /** Only these points: at most `CONDITIONS`. */
  readonly ids?: readonly string[] | undefined;
}

/** Values of one condition: what strict mode allows. */
export const CONDITIONS = 1024;

const NAME = /^[0-9a-f]{32}$/;

/**
 * The one place where a filter is made. Qdrant takes a missing, empty or misspelt filter for none, so this always names a
 * partition, and no clause of it can be empty.
 * @throws CloisterError `ERR_RETRIEVER_STORE_FAILED` for names that are none of ours and for empty clauses
 */
export function createFilter(partition: string, { documents, tags, cells, ids }: Narrowed = {}): Schemas['Filter'] {
  return {
    must: [
      isOne(FIELDS.partition, partition),
      ...(documents === undefined ? [] : [isAny(FIELDS.document, documents)]),
      ...(cells === undefined ? [] : [isAny(FIELDS.cell, cells)]),
      ...(tags === undefined ? [] : [isAny(FIELDS.tags, tags)]),
      ...(ids === undefined ? [] : [{ has_id: checked(ids).map(toUuid) }]),
    ],
  };
}

function isOne(key: string, value: string): Schemas['FieldCondition'] {
  return { key, match: { value: checked([value])[0] as string } };
}

/** More values than one condition takes are spread over several, of which one has to hold. */
function isAny(key: string, values: readonly string[]): Schemas['Condition'] {
  const names = checked([...new Set(values)]);
  const parts = Array.from({ length: Math.ceil(names.length / CONDITIONS) }, (_, index) => ({
    key,
    match: { any: names.slice(index * CONDITIONS, (index + 1) * CONDITIONS) },
  }));
  return parts.length === 1 ? (parts[0] as Schemas['FieldCondition']) : { should: parts };
}

function checked(names: readonly string[]): string[] {
  if (names.length > 0 && names.every((name) => NAME.test(name))) return [...names];
  throw retrieverError('ERR_RETRIEVER_STORE_FAILED');
}
