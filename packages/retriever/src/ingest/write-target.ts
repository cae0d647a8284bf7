import type { VectorStore } from '@cloister/core';
import type { CollectionLedger } from '@cloister/tenancy';
import type { PrefixBasis } from '../prefix/fit-prefix-basis.ts';
import type { CollectionKeys } from '../record/record-keys.ts';

/** Where records are written, within the collection's `access`. */
export interface WriteTarget {
  readonly store: VectorStore;
  readonly keys: CollectionKeys;
  readonly ledger: CollectionLedger | undefined;
  /** In the mode `prefix`. */
  readonly prefix: PrefixBasis | undefined;
}
