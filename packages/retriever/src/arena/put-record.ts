import type { StoredPoint } from '@cloister/core';
import type { RefusalCode } from '../errors.ts';
import { placeOf } from '../cells/cell-names.ts';
import { openText, openVector } from '../record/open-record.ts';
import type { OpenedHead } from '../record/open-record.ts';
import type { RecordHead } from '../record/record-head.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import type { Arena } from './arena.ts';

/**
 * Opens what a search needs of a record whose head opened, and puts it into the arena.
 * @returns why the record is refused
 * @throws CloisterError `ERR_RETRIEVER_TOO_LARGE`
 */
export function putRecord(
  arena: Arena,
  keys: CollectionKeys,
  point: StoredPoint,
  opened: OpenedHead,
): RefusalCode | undefined {
  const vector = openVector(keys, point, opened.head);
  if (typeof vector === 'string') return vector;
  if (vector.length !== arena.dimensions * 4) return 'ERR_RETRIEVER_RECORD_MALFORMED';
  const payload = arena.lexical === undefined ? { text: '' } : openText(keys, point, opened.head);
  if (typeof payload === 'string') return payload;
  arena.put(point.id, point.document, opened, vector, payload.text, countedCell(keys, opened.head));
  return undefined;
}

/** What waits for a bucket counts for every question. */
function countedCell(keys: CollectionKeys, { cells }: RecordHead): string {
  const { cell, bucket } = placeOf(cells);
  return cell === '' || bucket === keys.waiting ? '' : cell;
}
