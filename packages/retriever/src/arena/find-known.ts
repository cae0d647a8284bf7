import { sha256Hex } from '@cloister/core';
import type { StoredPoint } from '@cloister/core';
import { LIMITS } from '../limits.ts';
import { isBytes } from '../record/open-record.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import { equalTags } from '../record/record-names.ts';
import type { Arena, ArenaRow } from './arena.ts';

/**
 * The row of a point that is byte for byte the record that was opened into it: it needs no second opening. Everything that
 * `openHead` checks holds for it, its shape included. One that comes with its text is opened.
 */
export function findKnown(arena: Arena, keys: CollectionKeys, point: unknown): ArenaRow | undefined {
  if (arena.lexical !== undefined || typeof point !== 'object' || point === null) return undefined;
  const { id, partition, document, tags, head, payload, vector } = point as StoredPoint;
  const row = arena.find(id);
  if (row === undefined) return undefined;
  const isSame =
    row.document === document &&
    partition === keys.partition &&
    Array.isArray(tags) &&
    equalTags(row.tags, tags) &&
    isBytes(payload, 0) &&
    isBytes(head, LIMITS.head) &&
    isBytes(vector, LIMITS.vector) &&
    sha256Hex(head) === row.digest &&
    sha256Hex(vector) === row.vector;
  return isSame ? row : undefined;
}
