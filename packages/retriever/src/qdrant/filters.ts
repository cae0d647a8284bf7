import type { Schemas } from '@qdrant/js-client-rest';
import { retrieverError } from '../errors.ts';
import { FIELDS, toUuid } from './point-wire.ts';

/** What narrows a request, besides the partition that every one of them names. */
export interface Narrowed {
  readonly document?: string;
  /** Points with at least one of these tags. */
  readonly tags?: readonly string[];
  /** Only these points. */
  readonly ids?: readonly string[];
}

const NAME = /^[0-9a-f]{32}$/;

/**
 * The one place where a filter is made. Qdrant takes a missing, empty or misspelt filter for none, so this always names a
 * partition, and no clause of it can be empty.
 * @throws CloisterError `ERR_RETRIEVER_STORE_FAILED` for names that are none of ours and for empty clauses
 */
export function createFilter(partition: string, { document, tags, ids }: Narrowed = {}): Schemas['Filter'] {
  const one = (key: string, value: string): Schemas['FieldCondition'] => {
    return { key, match: { value: checked([value])[0] as string } };
  };
  return {
    must: [
      one(FIELDS.partition, partition),
      ...(document === undefined ? [] : [one(FIELDS.document, document)]),
      ...(tags === undefined ? [] : [{ key: FIELDS.tags, match: { any: checked(tags) } }]),
      ...(ids === undefined ? [] : [{ has_id: checked(ids).map(toUuid) }]),
    ],
  };
}

function checked(names: readonly string[]): string[] {
  if (names.length > 0 && names.every((name) => NAME.test(name))) return [...names];
  throw retrieverError('ERR_RETRIEVER_STORE_FAILED');
}
