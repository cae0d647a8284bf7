import { bigEndian, lengthPrefixed, toHex } from '@cloister/core';
import { keyedHash } from '../keyed-hash.ts';
import type { CollectionKeys } from '../record/record-keys.ts';
import type { CellSpace } from './cell-space.ts';

/** The blind tag of a cell: 32 hex digits. Stands in heads and in the ledger, never in the store; other centres, other cells. */
export function cellTag(keys: CollectionKeys, { digest }: CellSpace, cell: number): string {
  const message = lengthPrefixed('cell', keys.tenant, keys.collection, digest, bigEndian(cell, 4));
  return toHex(keyedHash(keys.sodium, 16, keys.cells, message));
}

/** Where a record is: its cell, and the bucket whose tag the store sees. */
export interface CellPlace {
  readonly cell: string;
  readonly bucket: string;
}

/** The place that an entry of the ledger names; its two tags stand behind those of the groups. */
export function placeOf(tags: readonly string[]): CellPlace {
  return { cell: tags.at(-2) ?? '', bucket: tags.at(-1) ?? '' };
}
