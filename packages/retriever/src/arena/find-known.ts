import { sha256Hex } from '@cloister/core';
import type { StoredPoint } from '@cloister/core';
import { isStoredPoint } from '../record/open-record.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import { equalTags } from '../record/record-names.ts';
import type { Arena, ArenaRow } from './arena.ts';

/**
 * The row of a point that is byte for byte the record that was opened into it: it needs no second opening. Everything that
 * `openHead` checks holds for it. One that comes with its text is opened.
 */
export function findKnown(arena: Arena, keys: CollectionKeys, point: StoredPoint): ArenaRow | undefined {
  if (!isStoredPoint(point) || point.partition !== keys.partition || point.payload.length > 0) return undefined;
  const row = arena.find(point.id);
  if (row === undefined || arena.lexical !== undefined) return undefined;
  const isSame =
    row.document === point.document &&
    equalTags(row.tags, point.tags) &&
    sha256Hex(point.head) === row.digest &&
    sha256Hex(point.vector) === row.vector;
  return isSame ? row : undefined;
}
