import type { StoreQuery } from '@cloister/core';
import type { CollectionLedger } from '@cloister/tenancy';
import { placeOf } from '../cells/cell-names.ts';
import type { CollectionKeys } from '../record/record-keys.ts';

/**
 * What an arena is to hold, by units that are loaded as a whole: the records of a group, in the mode `cells` those of a
 * group in one cell.
 */
export interface Selection {
  readonly units: readonly string[];
  /** What a store is asked for some of the units. */
  query(units: readonly string[]): Required<Pick<StoreQuery, 'tags'>> & Pick<StoreQuery, 'cells'>;
}

/** Everything that carries one of these blind group tags. */
export function selectTags(tags: readonly string[]): Selection {
  return { units: tags, query: (units) => ({ tags: units }) };
}

/** What carries one of these tags and lies in one of these cells, or waits for a bucket. */
export function selectCells(
  keys: CollectionKeys,
  ledger: CollectionLedger,
  tags: readonly string[],
  cells: readonly string[],
): Selection {
  const { waiting } = keys;
  return {
    units: [waiting, ...cells].flatMap((place) => tags.map((tag) => `${place} ${tag}`)),
    query(units) {
      const asked = new Set(units.map((unit) => unit.slice(0, waiting.length)));
      const buckets = new Set(cells.filter((cell) => asked.has(cell)).flatMap((cell) => bucketsOf(ledger, cell)));
      buckets.delete(waiting);
      if (asked.has(waiting)) buckets.add(waiting);
      return { tags, cells: [...buckets] };
    },
  };
}

function bucketsOf(ledger: CollectionLedger, cell: string): readonly string[] {
  return ledger.withTag(cell).map(({ tags }) => placeOf(tags).bucket);
}

/** The units that a record belongs to, by the tags that the ledger keeps of it. */
export function unitsOf(keys: CollectionKeys, tags: readonly string[]): readonly string[] {
  if (keys.mode !== 'cells') return tags;
  const { cell, bucket } = placeOf(tags);
  const place = bucket === keys.waiting ? bucket : cell;
  return tags.slice(0, -2).map((tag) => `${place} ${tag}`);
}
